"""Comments on an order. Two streams an order: what both sides read, and what staff alone read, so
that nothing of the one tells of the other, not even its version.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal
from uuid import UUID, uuid5

from msgspec import Struct

from services.workorders.orders.domain.order_event import ActorsText
from services.workorders.orders.domain.state import Order
from services.workorders.orders.domain.values import text
from services.workorders.orders.domain.vocabulary import STAFF, Kind
from services.workorders.orders.visibility import SEES_ALL
from shared.errors import Forbidden, Refused
from shared.eventlog.decider import Decider
from shared.eventlog.records import Meta
from shared.identity.caller import Caller

Side = Literal["resident", "staff"]
MOST_COMMENTS = 500
_NAMESPACE = UUID("9e7a5b1c-2f3d-5c48-8a6b-1d0e4f7c5b92")
# the auditor reads everything and says nothing
_SPEAKERS = frozenset(SEES_ALL) - {"auditor", "admin", "service"}


def comments_id(order: str, *, internal: bool) -> str:
    """The stream of an order's comments, or of those among staff."""
    community, _, own = order.partition(".")
    return f"{community}.{uuid5(_NAMESPACE, f'{own} internal' if internal else own)}"


class CommentAdded(Struct, frozen=True, kw_only=True):
    """``internal``: among staff alone. ``side``: of whoever wrote it."""

    order: str
    number: str
    kind: Kind
    category: str
    building: str | None
    unit: str | None
    reporter: str | None
    accepter: str | None
    technician: str | None
    side: Side
    internal: bool
    text: ActorsText


EVENTS: dict[str, tuple[int, type]] = {"CommentAdded": (1, CommentAdded)}
UPCASTERS: dict[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {}


class NotConcerned(Forbidden):
    """Only those whom the order concerns, and the staff who look after it, comment on it."""


class NotAmongStaff(Forbidden):
    """Only the staff who look after the order write and read what is internal."""


class TooManyComments(Refused):
    """So much was said that it is better talked about."""


class Comments(Struct, frozen=True, kw_only=True):
    count: int = 0


class Add(Struct, frozen=True, kw_only=True):
    """``order``: as it is known; ``id``: its."""

    by: Caller
    id: str
    order: Order
    text: str
    internal: bool


def among_staff(caller: Caller, order: Order) -> bool:
    """Whether they look after the order: lead or dispatch there, or have it or repaired it."""
    roles = caller.roles(order.community, order.building)
    own = caller.person in (order.technician, *order.repairers) and not roles.isdisjoint(STAFF)
    return own or not roles.isdisjoint(SEES_ALL)


def side_of(caller: Caller, order: Order) -> Side | None:
    """The side they comment from, if they may."""
    roles = caller.roles(order.community, order.building)
    if caller.person == order.accepter and order.accepter_kind == "resident":
        return "resident"
    if caller.person == order.reporter and roles.isdisjoint(STAFF):
        return "resident"
    named = caller.person in (order.accepter, order.reporter)
    speaks = not roles.isdisjoint(_SPEAKERS) or (roles & STAFF and (named or _works(caller, order)))
    return "staff" if speaks else None


def _works(caller: Caller, order: Order) -> bool:
    return caller.person in (order.technician, *order.repairers)


def decide(command: Add, state: Comments, _meta: Meta) -> list[CommentAdded]:
    """Raises the errors above or ``Invalid`` with the field ``text``."""
    by, order = command.by, command.order
    side = side_of(by, order)
    if side is None:
        raise NotConcerned("Only those whom the order concerns may comment on it.")
    if command.internal and not among_staff(by, order):
        words = "Only the staff who look after the order write among themselves."
        raise NotAmongStaff(words, fields={"internal": [words]})
    said = text(command.text, "text")
    if state.count >= MOST_COMMENTS:
        raise TooManyComments(f"An order takes at most {MOST_COMMENTS} comments.")
    keys = ("number", "kind", "category", "building", "unit", "reporter", "accepter", "technician")
    return [
        CommentAdded(
            order=command.id,
            **{name: getattr(order, name) for name in keys},
            side="staff" if command.internal else side,
            internal=command.internal,
            text=said,
        )
    ]


def evolve(state: Comments, _event: Any, _meta: Meta) -> Comments:
    return Comments(count=state.count + 1)


COMMENTS = Decider("comments", Comments, decide, evolve)
