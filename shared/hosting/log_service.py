"""``<service>.log``: pages of a service's log, for the services and auditors who may read it."""

from __future__ import annotations

from typing import Any

import msgspec

from shared.errors import Forbidden
from shared.following.source import Page, page_of
from shared.hosting.gate import Gate
from shared.hosting.parts import Parts
from shared.hosting.rpc import method
from shared.messaging import envelope
from shared.request import Request
from shared.schemas import Integer, Query, Text

MOST_EVENTS = 500
MOST_BYTES = 1_000_000
READERS = ("service", "auditor")


class Read(Query):
    log = Text(40, required=True)
    after = Integer(minimum=0, required=True)
    limit = Integer(minimum=1, maximum=MOST_EVENTS, load_default=MOST_EVENTS)


def log_service(parts: Parts) -> type:
    """The nameko service class for one service's log."""

    class LogService:
        name = f"{parts.name}.log"
        gate = Gate()

        @method(Read)
        def read(self, request: Request, data: dict[str, Any]) -> dict[str, Any]:
            """``{"log", "after", "limit"}`` to ``{"events", "next", "head", "log_id", "anchor"}``.

            ``after`` is exclusive. At most 500 events or 1 MB. Personal text is opened for these
            readers.
            """
            if not any(
                post.role in READERS and post.community == "*" for post in request.caller.posts
            ):
                raise Forbidden("only services and auditors read a log")
            if data["log"] != parts.name:
                raise Forbidden(f"this is the log of {parts.name}")
            return _fitting(page_of(parts.log, data["after"], data["limit"], opened=True))

    LogService.__name__ = f"{parts.name.title()}Log"
    return LogService


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
