"""One order through time: every event of it in all services, and its state beside each."""

from __future__ import annotations

from typing import Any, NamedTuple

from flask import Blueprint, Response, g, redirect, render_template, request, url_for

from services.gateway.audit.access import auditor
from services.gateway.audit.beginning import inquiry_of
from services.gateway.audit.search import lines
from services.gateway.audit.telling import Field, Teller, people_of
from services.gateway.audit.words import SERVICES, event
from services.gateway.frame import formats
from services.gateway.frame.edge import edge
from services.gateway.orders import places
from services.gateway.sessions.calls import ahead, query
from shared.audit.gathering import Envelope, Story, gathered
from shared.errors import TimedOut, Unavailable

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
    order = query("workorders", "get", {"community": community, "number": number})
    story = _story(order)
    directory = edge().directory
    g.zone = zone = directory.community(community).zone
    steps = _steps(order, story, zone)
    at = _asked(len(steps))
    step = steps[at - 1]
    states = _states(order, *((step.version - 1,) if step.own else ()), step.version)
    before, after = states[0], states[-1]
    names = directory.names(people_of([one for one in (after, before) if one]))
    return render_template(
        "audit/story.html",
        order=order,
        community=community,
        place=places.label(directory, order),
        zone=zone,
        steps=steps,
        step=step,
        state=Teller(names, zone).state(after, before) if after is not None else None,
        services=SERVICES,
        unsearched=[SERVICES.get(name, name) for name in story.unsearched],
    )


@blueprint.get("/audit/orders/<community>/<number>.jsonl")
def download(community: str, number: str) -> Response:
    """The whole story, an envelope a line; ``Unavailable`` where some of it cannot be had."""
    auditor()
    order = query("workorders", "get", {"community": community, "number": number})
    story = _story(order)
    if story.unsearched:
        raise Unavailable("Not all logs could be searched; try again.", retry_after=2.0)
    response = Response(lines(story.events), content_type="application/jsonl; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{order["number"]}.jsonl"'
    return response


def _story(order: Data) -> Story:
    own = _stream(order["id"])
    inquiry = inquiry_of(own)
    before = _stream(inquiry) if inquiry is not None else []

    def search(log: str, asked: Data) -> Data:
        try:
            return query(f"{log}.log", "search", {"log": log, **asked})
        except (TimedOut, Unavailable):
            return {"events": [], "next": asked.get("after", 0), "head": 0, "done": False}

    return gathered(search, list(SERVICES), before + own, seconds=SECONDS)


def _stream(subject: str) -> list[Envelope]:
    asked = {"log": "workorders", "subjects": [subject]}
    found: list[Envelope] = query("workorders.log", "search", asked)["events"]
    return found


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


def _states(order: Data, *versions: int) -> list[Data | None]:
    """The order as it was at each of these versions; None before there was anything."""
    asks = [{"id": order["id"], "version": version} for version in versions]
    for one in asks:
        if one["version"]:
            ahead("workorders", "get", one)
    return [query("workorders", "get", one) if one["version"] else None for one in asks]
