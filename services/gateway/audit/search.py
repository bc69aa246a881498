"""Searching the events of all services, by kind, person and time; a page, or all as a file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import msgspec
from flask import Blueprint, Response, render_template, request, stream_with_context

from services.gateway.audit.access import auditor, communities
from services.gateway.audit.telling import Teller, people_of
from services.gateway.audit.words import EVENTS, SERVICES, event
from services.gateway.frame.directory import Community
from services.gateway.frame.edge import edge
from services.gateway.sessions.asking import Answers
from services.gateway.sessions.calls import context
from services.gateway.sessions.visitor import the_visitor
from shared.identity.caller import EVERY

Data = dict[str, Any]
PAGE = 50
# how far back one looks who says nothing of it
USUAL = timedelta(days=7)
EXPORT_SECONDS = 20.0
_MOST_ACTORS = 100
_ORDER_NUMBER = re.compile(r"[RC]-\d{4}-\d+")

blueprint = Blueprint("audit", __name__, template_folder="templates")


@dataclass(frozen=True)
class Wanted:
    """``type`` is ``billing:BillPaid``. ``after``: log to where it goes on."""

    communities: list[Community]
    community: Community | None
    type: str
    actor: str
    first: date
    last: date
    after: dict[str, int]

    @classmethod
    def read(cls) -> Wanted:
        mine = communities(auditor())
        given = request.args.get("community", "")
        chosen = next((one for one in mine if one.id == given), None)
        if chosen is None and len(mine) == 1 and not _everywhere():
            chosen = mine[0]
        zone = chosen.zone if chosen is not None else edge().zone
        today = edge().clock.now().astimezone(zone).date()
        return cls(
            mine,
            chosen,
            request.args.get("type", ""),
            request.args.get("actor", "").strip()[:100],
            _day(request.args.get("from"), today - USUAL),
            _day(request.args.get("to"), today),
            _after(request.args.get("after", "")),
        )

    @property
    def zone(self) -> Any:
        return self.community.zone if self.community is not None else edge().zone

    def address(self, **changes: str | None) -> dict[str, str | None]:
        found: dict[str, str | None] = {
            "community": self.community.id if self.community is not None else None,
            "type": self.type or None,
            "actor": self.actor or None,
            "from": self.first.isoformat(),
            "to": self.last.isoformat(),
        }
        return found | changes

    def questions(self, limit: int) -> dict[str, Data]:
        """What to ask each log; empty where nobody of that name is known."""
        log, _, type_name = self.type.partition(":")
        known = type_name in EVENTS.get(log, {})
        asked: Data = {
            "since": datetime.combine(self.first, time(), self.zone).isoformat(),
            "until": datetime.combine(self.last + timedelta(days=1), time(), self.zone).isoformat(),
            "limit": limit,
        }
        if self.community is not None:
            asked["community"] = self.community.id
        if known:
            asked["types"] = [type_name]
        if self.actor:
            asked["actors"] = self._actors()
            if not asked["actors"]:
                return {}
        return {
            name: {"log": name, **asked, "after": self.after.get(name, 0)}
            for name in ([log] if known else SERVICES)
        }

    def _actors(self) -> list[str]:
        """Those whose name has the text."""
        text = self.actor.casefold()
        places = [self.community] if self.community is not None else self.communities
        return [
            person.id
            for place in places
            for person in edge().directory.people(place.id)
            if text in person.name.casefold()
        ][:_MOST_ACTORS]


@blueprint.get("/audit")
def index() -> Any:
    wanted = Wanted.read()
    questions = wanted.questions(PAGE)
    shown, more, missing = _merged(questions)
    names = edge().directory.names(
        {one["actor"] for one in shown} | people_of(one["data"] for one in shown)
    )
    teller = Teller(names, wanted.zone)
    return render_template(
        "audit/index.html",
        wanted=wanted,
        services=SERVICES,
        events=EVENTS,
        rows=[_row(one, teller) for one in shown],
        more=wanted.address(after=more) if more else None,
        missing=[SERVICES[name] for name in missing],
        nobody=wanted.actor and not questions,
        zone=wanted.zone,
    )


@blueprint.get("/audit/events.jsonl")
def export() -> Response:
    """All that fits, as JSON Lines of envelopes, one log after another; read as it is written."""
    wanted = Wanted.read()
    # before the first line, so that a refusal is still a page
    questions = wanted.questions(500)
    first = {name: _search(name, asked) for name, asked in questions.items()}
    response = Response(
        stream_with_context(_exported(questions, first)),
        content_type="application/jsonl; charset=utf-8",
    )
    file = f"events-{wanted.first}-{wanted.last}.jsonl"
    response.headers["Content-Disposition"] = f'attachment; filename="{file}"'
    return response


def lines(events: Iterable[Data]) -> Iterator[bytes]:
    for one in events:
        yield msgspec.json.encode(one) + b"\n"


def _exported(questions: dict[str, Data], first: dict[str, Data]) -> Iterator[bytes]:
    for name, asked in questions.items():
        page = first[name]
        yield from lines(page["events"])
        while not page["done"]:
            page = _search(name, {**asked, "after": page["next"]})
            yield from lines(page["events"])


def _search(name: str, asked: Data) -> Data:
    """With more time than a page has; raises typed errors, which end the file unfinished."""
    return edge().rpc.call(
        f"{name}.log",
        "search",
        asked,
        auth_token=the_visitor().token,
        timeout=EXPORT_SECONDS,
        context=context(),
    )


def _merged(questions: dict[str, Data]) -> tuple[list[Data], str | None, list[str]]:
    """The next events of all logs together, where they go on, and the logs that did not answer."""
    found: list[Data] = []
    pages: dict[str, Data] = {}
    missing = []
    answers = Answers({name: (f"{name}.log", "search", questions[name]) for name in questions})
    for name in questions:
        page = answers.plain(name)
        if page is None:
            missing.append(name)
            continue
        pages[name] = page
        found += page["events"]
    turn = {name: number for number, name in enumerate(SERVICES)}
    found.sort(
        key=lambda one: (datetime.fromisoformat(one["time"]), turn[one["log"]], one["position"])
    )
    shown = found[:PAGE]
    # a log that broke off may hold earlier events than what others have: stop where it stopped
    goes_on, after = len(found) > PAGE, {}
    for name, page in pages.items():
        own = [one["position"] for one in shown if one["log"] == name]
        if len(own) < len(page["events"]):
            after[name] = own[-1] if own else questions[name]["after"]
        else:
            after[name] = page["next"]
            goes_on = goes_on or not page["done"]
    text = ",".join(f"{name}:{position}" for name, position in after.items())
    return shown, text if goes_on else None, missing


def _row(one: Data, teller: Teller) -> Data:
    data = one["data"]
    number = next(
        (
            data[name]
            for name in ("number", "order_number")
            if isinstance(data.get(name), str) and _ORDER_NUMBER.fullmatch(data[name])
        ),
        None,
    )
    return {
        "at": one["time"],
        "service": SERVICES.get(one["log"], one["log"]),
        "title": event(one["log"], one["type"]),
        "who": teller.who(one["actor"]),
        "community": one["community"],
        "number": number,
        "parts": teller.parts(data),
    }


def _everywhere() -> bool:
    return any(post.community == EVERY for post in the_visitor().caller.posts)


def _day(text: str | None, otherwise: date) -> date:
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return otherwise
    return found if 1900 <= found.year <= 9000 else otherwise


def _after(text: str) -> dict[str, int]:
    found = {}
    for pair in text.split(",")[: len(SERVICES)]:
        name, _, position = pair.partition(":")
        if name in SERVICES and position.isascii() and position.isdigit():
            found[name] = int(position[:15])
    return found
