"""Looking at what was filed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from marshmallow import EXCLUDE

from services.gateway.frame import words
from services.gateway.frame.edge import edge
from services.gateway.open311.catalogue import split
from services.gateway.orders import places
from shared.errors import NotFound
from shared.messaging.rpc_client import Reply
from shared.schemas import Choice, Moment, Schema, Text, load

Record = dict[str, Any]
Ask = Callable[[str, Record], Reply]

# closed only when somebody accepted the work, or when there will be none
CLOSED = ("accepted", "rated", "cancelled", "declined")
OPEN = ("submitted", "dispatched", "repaired")
# both together is every state
_STATES = {"open": OPEN, "closed": CLOSED}
# of a query that says no more, as the specification has it
MOST = 1000
SPAN = timedelta(days=90)
_PAGE = 200
_TOGETHER = 50


class Asked(Schema):
    """``status``: several with commas between them, as ``service_request_id``."""

    class Meta:
        unknown = EXCLUDE

    service_request_id = Text(2000, load_default=None)
    service_code = Text(80, load_default=None)
    start_date = Moment(load_default=None)
    end_date = Moment(load_default=None)
    status = Choice(["open", "closed", "open,closed", "closed,open"], load_default=None)


def one(ask: Ask, community: str, number: str) -> Record:
    """Raises ``NotFound`` also for what did not come in this way."""
    order = ask("get", {"community": community, "number": number}).result()
    if order["channel"] != "open311":
        raise NotFound("service_request_id was not found")
    return _shown(order, order)


def found(ask: Ask, community: str, args: Mapping[str, str]) -> list[Record]:
    """The newest first. Raises ``Invalid`` and ``NotFound``."""
    asked = load(Asked, {name: text for name, text in args.items() if text})
    if asked["service_request_id"]:
        numbers = [number.strip() for number in asked["service_request_id"].split(",")]
        return [one(ask, community, number) for number in numbers[:50] if number]
    since, until = asked["start_date"], asked["end_date"]
    if since is None:
        since = (until or edge().clock.now()) - SPAN
    rows = [
        row
        for row in _rows(ask, _wanted(community, asked), since)
        if until is None or _moment(row) <= until
    ]
    return list(_described(ask, rows[:MOST]))


def _described(ask: Ask, rows: list[Record]) -> Iterator[Record]:
    """With what lists do not have, asked for many at once."""
    for at in range(0, len(rows), _TOGETHER):
        some = rows[at : at + _TOGETHER]
        replies = [ask("get", {"id": row["id"]}) for row in some]
        for row, reply in zip(some, replies, strict=True):
            yield _shown(row, reply.result())


def _wanted(community: str, asked: Mapping[str, Any]) -> Record:
    wanted: Record = {"community": community, "channel": "open311", "limit": _PAGE}
    if asked["service_code"]:
        wanted["kind"], wanted["category"] = split(asked["service_code"])
    if asked["status"] in _STATES:
        wanted["state"] = list(_STATES[asked["status"]])
    return wanted


def _rows(ask: Ask, wanted: Record, since: datetime) -> Iterator[Record]:
    cursor = None
    for _ in range(MOST // _PAGE):
        page = ask("list", wanted if cursor is None else {**wanted, "cursor": cursor}).result()
        for row in page["orders"]:
            if _moment(row) < since:
                return
            yield row
        cursor = page["next"]
        if cursor is None:
            return


def _moment(row: Record) -> datetime:
    return datetime.fromisoformat(row["submitted_at"])


def _state(row: Record) -> str:
    return "merged" if row["merged_into"] else str(row["state"])


def _shown(row: Record, order: Record) -> Record:
    code = f"{row['kind']}.{row['category']}"
    names = words.CATEGORIES.get(row["kind"], {})
    return {
        "service_request_id": row["number"],
        "status": "closed" if row["state"] in CLOSED else "open",
        "status_notes": words.STATES[_state(row)].for_(staff=False),
        "service_name": str(names.get(row["category"], row["category"])),
        "service_code": code,
        "description": order["description"],
        "agency_responsible": edge().directory.community(row["id"].partition(".")[0]).name,
        "service_notice": None,
        "requested_datetime": row["submitted_at"],
        "updated_datetime": row.get("changed_at"),
        "expected_datetime": None,
        "address": places.label(edge().directory, row),
        "address_id": None,
        "zipcode": None,
        "lat": None,
        "long": None,
        "media_url": None,
    }
