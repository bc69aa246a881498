"""The book of a technician's visits: one stream a person, whatever orders the visits are of.

It is what two visits agreed at one moment meet at. An order's own stream says what became of its
visit, so nothing is taken out of the book: a booking counts while its order still stands by it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from msgspec import Struct

from shared.errors import Conflict
from shared.eventlog.decider import Decider
from shared.eventlog.records import Meta


class VisitBooked(Struct, frozen=True, kw_only=True):
    """Time of ``technician`` is taken for a visit of an order.

    The last booking of an order counts, in whoever's book it stands.
    """

    technician: str
    order: str
    number: str
    starts: datetime
    ends: datetime


EVENTS: dict[str, tuple[int, type]] = {"VisitBooked": (1, VisitBooked)}
UPCASTERS: dict[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {}


class BookedMeanwhile(Conflict):
    """Another visit took the time a moment ago: look again."""


class Booking(Struct, frozen=True, kw_only=True):
    order: str
    number: str
    starts: datetime
    ends: datetime

    def meets(self, starts: datetime, ends: datetime) -> bool:
        return self.starts < ends and starts < self.ends


class VisitBook(Struct, frozen=True, kw_only=True):
    """``bookings``: those whose time was not over when the last one was made."""

    bookings: tuple[Booking, ...] = ()

    def meeting(self, starts: datetime, ends: datetime, order: str) -> list[Booking]:
        """The bookings of other orders that overlap this time."""
        return [one for one in self.bookings if one.order != order and one.meets(starts, ends)]


class BookVisit(Struct, frozen=True, kw_only=True):
    """``void``: orders whose bookings were seen not to count any more."""

    technician: str
    order: str
    number: str
    starts: datetime
    ends: datetime
    void: frozenset[str] = frozenset()


def decide(command: BookVisit, state: VisitBook, _meta: Meta) -> list[VisitBooked]:
    """Always an event, so that whoever looked before it was made has to look again."""
    taken = state.meeting(command.starts, command.ends, command.order)
    if any(one.order not in command.void for one in taken):
        raise BookedMeanwhile("Another visit took this time a moment ago.")
    told = {name: getattr(command, name) for name in VisitBooked.__struct_fields__}
    return [VisitBooked(**told)]


def evolve(state: VisitBook, event: VisitBooked, meta: Meta) -> VisitBook:
    kept = [one for one in state.bookings if one.order != event.order and one.ends > meta.time]
    booked = Booking(order=event.order, number=event.number, starts=event.starts, ends=event.ends)
    return VisitBook(bookings=(*kept, booked))


VISIT_BOOK = Decider("visit_book", VisitBook, decide, evolve)
