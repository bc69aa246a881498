"""``<service>.log``: a service's log by pages and by search, for services and auditors."""

from __future__ import annotations

from typing import Any

import msgspec

from shared.audit.gathering import MOST_NAMED
from shared.errors import Forbidden
from shared.following.source import Page, page_of
from shared.hosting import log_search
from shared.hosting.gate import Gate
from shared.hosting.parts import Parts
from shared.hosting.rpc import method
from shared.identity.caller import Caller
from shared.messaging import envelope
from shared.messaging.envelope import Fact
from shared.request import Request
from shared.schemas import Flag, Id, Integer, Items, Moment, Query, Text

MOST_EVENTS = 500
MOST_BYTES = 1_000_000
READERS = ("service", "auditor")


class Read(Query):
    log = Text(40, required=True)
    after = Integer(minimum=0, required=True)
    limit = Integer(minimum=1, maximum=MOST_EVENTS, load_default=MOST_EVENTS)
    text = Flag(load_default=True)


class Search(Query):
    """Recorded from ``since`` on and before ``until``. ``subjects``: of these streams alone.

    ``correlations``, ``causes`` and ``named`` (streams that the event's data names) widen each
    other; all else narrows. ``after``: the ``next`` of the page before. ``begun``: with all that
    the streams hold which what is found began, but for those ``named``: more than ``limit``, too.
    """

    log = Text(40, required=True)
    types = Items(Text(80), MOST_NAMED, load_default=list)
    actors = Items(Text(100), MOST_NAMED, load_default=list)
    subjects = Items(Id(), MOST_NAMED, load_default=list)
    correlations = Items(Text(100), MOST_NAMED, load_default=list)
    causes = Items(Text(100), MOST_NAMED, load_default=list)
    named = Items(Id(), MOST_NAMED, load_default=list)
    community = Text(32, load_default=None)
    since = Moment(load_default=None)
    until = Moment(load_default=None)
    after = Integer(minimum=0, load_default=0)
    limit = Integer(minimum=1, maximum=MOST_EVENTS, load_default=MOST_EVENTS)
    begun = Flag(load_default=False)


def log_service(parts: Parts) -> type:
    """The nameko service class for one service's log."""

    class LogService:
        name = f"{parts.name}.log"
        gate = Gate()

        @method(Read)
        def read(self, request: Request, data: dict[str, Any]) -> dict[str, Any]:
            """``{"log", "after", "limit"}`` to ``{"events", "next", "head", "log_id", "anchor"}``.

            ``after`` is exclusive. At most 500 events or 1 MB. ``text``: personal text is opened
            for these readers, unless they say that they want none.
            """
            if not any(
                post.role in READERS and post.community == "*" for post in request.caller.posts
            ):
                raise Forbidden("only services and auditors read a log")
            if data["log"] != parts.name:
                raise Forbidden(f"this is the log of {parts.name}")
            text = data["text"]
            return _fitting(
                page_of(parts.log, data["after"], data["limit"], exact=True, opened=text)
            )

        @method(Search)
        def search(self, request: Request, data: dict[str, Any]) -> dict[str, Any]:
            """``{"events", "next", "head", "done"}``; where it is not done, go on behind ``next``.

            An auditor of one community is told of its events alone. ``begun`` in the answer: the
            streams that are told whole as well; none where one answer does not hold them all.
            """
            if data["log"] != parts.name:
                raise Forbidden(f"this is the log of {parts.name}")
            wanted = log_search.of(data, _communities(request.caller, data["community"]))
            if data["subjects"]:
                found = log_search.streams(parts.log, data["subjects"], wanted)
            else:
                found = log_search.search(parts.log, wanted, data["after"], data["limit"])
            answer = _fitting_found(found)
            if data["begun"] and answer["next"] == found.next:
                begun = log_search.begun(parts.log, found, wanted, MOST_EVENTS)
                answer |= _whole(answer["events"], *begun)
            return answer

    LogService.__name__ = f"{parts.name.title()}Log"
    return LogService


def _communities(caller: Caller, asked: str | None) -> frozenset[str] | None:
    """Those whose events the caller may be told, None for all; raises ``Forbidden`` for none."""
    held = caller.communities(*READERS)
    if held is not None and (not held or asked not in (None, *held)):
        raise Forbidden("only services and auditors read a log, each of their own community")
    return held if asked is None else frozenset({asked})


def _fitting_found(found: log_search.Found) -> dict[str, Any]:
    """As many of them as an answer holds; what is left out is to be asked for again."""
    events: list[msgspec.Raw] = []
    size, following, done = 0, found.next, found.done
    for number, fact in enumerate(found.events):
        one = msgspec.json.encode(envelope.to_json_dict(fact))
        size += len(one)
        if events and size > MOST_BYTES:
            following, done = found.events[number - 1].position, False
            break
        events.append(msgspec.Raw(one))
    return {"events": events, "next": following, "head": found.head, "done": done}


def _whole(events: list[msgspec.Raw], streams: list[str], more: list[Fact]) -> dict[str, Any]:
    """With these as well, if one answer holds them."""
    told = events + [msgspec.Raw(msgspec.json.encode(envelope.to_json_dict(one))) for one in more]
    if sum(len(bytes(one)) for one in told) > MOST_BYTES:
        return {"begun": []}
    return {"events": told, "begun": streams}


def _fitting(page: Page) -> dict[str, Any]:
    events: list[msgspec.Raw] = []
    size = 0
    following = page.next
    for number, fact in enumerate(page.events):
        one = envelope.encode(fact)
        size += len(one)
        if events and size > MOST_BYTES:
            following = page.events[number - 1].position
            break
        events.append(msgspec.Raw(one))
    return {
        "events": events,
        "next": following,
        "head": page.head,
        "log_id": page.log_id,
        "anchor": page.anchor,
    }
