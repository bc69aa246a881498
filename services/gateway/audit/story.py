"""One order through time: every event of it in all services, and its state beside each."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

from flask import Blueprint, Response, g, redirect, render_template, request, url_for

from services.gateway.audit.access import auditor
from services.gateway.audit.beginning import own_events, story_of
from services.gateway.audit.search import lines
from services.gateway.audit.telling import Field, Teller, people_of
from services.gateway.audit.words import SERVICES, event
from services.gateway.frame import formats
from services.gateway.frame.edge import edge
from services.gateway.orders import places
from services.gateway.sessions.asking import Answers
from services.gateway.sessions.calls import ahead, query
from shared.audit.gathering import Answer, Question, Story
from shared.errors import Unavailable

Data = dict[str, Any]
# of the time a page has, what the logs of all services may take
SECONDS = 0.9

blueprint = Blueprint("story", __name__, template_folder="templates")


class Step(NamedTuple):
    """``number`` from 1. ``version``: the order's, after it. ``own``: the order's own event."""

    number: int
    version: int
    own: bool
    log: Any
    title: str
    who: str
    recorded_at: Any
    occurred_at: Any
    cause: int | None
    parts: list[Field]


@blueprint.get("/audit/orders/<community>")
def find(community: str) -> Any:
    """From the form with a number to the order."""
    auditor()
    number = request.args.get("number", "").strip()[:30].upper()
    return redirect(url_for("story.show", community=community, number=number or "-"), 303)


@blueprint.get("/audit/orders/<community>/<number>")
def show(community: str, number: str) -> Any:
    auditor()
    order, story = _told(community, number)
    directory = edge().directory
    g.zone = zone = directory.community(community).zone
    steps = _steps(order, story, zone)
    at = _asked(len(steps))
    step = steps[at - 1]
    states = _states(order, step)
    names = directory.names(people_of([one for one in states or () if one]))
    return render_template(
        "audit/story.html",
        order=order,
        community=community,
        place=places.label(directory, order),
        zone=zone,
        steps=steps,
        step=step,
        state=states and states[1] and Teller(names, zone).state(states[1], states[0]),
        stateless=states is None,
        services=SERVICES,
        unsearched=[SERVICES.get(name, name) for name in story.unsearched],
    )


@blueprint.get("/audit/orders/<community>/<number>.jsonl")
def download(community: str, number: str) -> Response:
    """The whole story, an envelope a line; ``Unavailable`` where some of it cannot be had."""
    auditor()
    order, story = _told(community, number)
    if story.unsearched:
        raise Unavailable("Not all logs could be searched; try again.", retry_after=2.0)
    response = Response(lines(story.events), content_type="application/jsonl; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{order["number"]}.jsonl"'
    return response


def _told(community: str, number: str) -> tuple[Data, Story]:
    """Raises typed errors where the order itself cannot be had; of what else there is, what the
    logs tell in time.
    """
    name = {"community": community, "number": number}
    ahead("workorders", "history", name)
    order = query("workorders", "get", name)
    own = own_events(query("workorders", "history", name))
    return order, story_of(_search, list(SERVICES), own, seconds=SECONDS)


def _search(questions: Sequence[Question]) -> list[Answer]:
    answers = Answers(
        {
            str(at): (f"{log}.log", "search", {"log": log, **asked})
            for at, (log, asked) in enumerate(questions)
        }
    )
    return [partial(answers.plain, str(at)) for at in range(len(questions))]


def _steps(order: Data, story: Story, zone: Any) -> list[Step]:
    names = edge().directory.names(
        {one["actor"] for one in story.events} | people_of(one["data"] for one in story.events)
    )
    teller = Teller(names, zone)
    numbers = {one["id"]: number for number, one in enumerate(story.events, start=1)}
    steps, version = [], 0
    for number, one in enumerate(story.events, start=1):
        own = one["subject"] == order["id"]
        version = one["streamversion"] if own else version
        recorded, occurred = formats.when(one["time"]), formats.when(one["occurredat"])
        steps.append(
            Step(
                number,
                version,
                own,
                SERVICES.get(one["log"], one["log"]),
                event(one["log"], one["type"]),
                teller.who(one["actor"]),
                recorded,
                occurred if abs((recorded - occurred).total_seconds()) >= 1 else None,
                numbers.get(one.get("causationid") or ""),
                teller.parts(one["data"]),
            )
        )
    return steps


def _asked(most: int) -> int:
    given = request.args.get("step", "")
    wanted = int(given) if given.isascii() and given.isdigit() and len(given) < 6 else most
    return min(max(wanted, 1), most)


def _states(order: Data, step: Step) -> tuple[Data | None, Data | None] | None:
    """The order as it was before and after the step, each None before there was anything; None
    where they cannot be had now.
    """
    versions = {"after": step.version, **({"before": step.version - 1} if step.own else {})}
    found: dict[str, Data | None] = {}
    # as it is now it is here already; but of a visit that was offered, only what is still free
    if step.version == order["version"] and order["visit"] is None:
        found["after"] = order
    answers = Answers(
        {
            name: ("workorders", "get", {"id": order["id"], "version": version})
            for name, version in versions.items()
            if version and name not in found
        }
    )
    for name in versions:
        if answers.asks(name):
            found[name] = answers.plain(name)
    if answers.missing:
        return None
    after = found.get("after")
    return (found.get("before") if step.own else after), after
