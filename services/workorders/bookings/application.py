"""Holding a visit against the time of its technician, and taking that time.

The order's event and the booking are one transaction, decided on what was read just before. Of two
that take the same time at one moment the second finds the book moved, and looks again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID, uuid5

import msgspec

from services.workorders.bookings.domain import (
    VISIT_BOOK,
    BookedMeanwhile,
    Booking,
    BookVisit,
    VisitBook,
)
from services.workorders.dispatching.views.assignments.queries import visits_meeting
from services.workorders.orders.application import ORDER
from services.workorders.orders.domain import commands as c
from services.workorders.orders.domain.state import Order
from services.workorders.orders.domain.visits.values import Obstacle, Window
from services.workorders.register.directory import Directory
from services.workorders.staff.application import record_id
from services.workorders.staff.domain.availability import away
from services.workorders.staff.domain.record import STAFF_RECORD
from shared.errors import Conflict
from shared.eventlog.decider import Answer, Context
from shared.eventlog.executor import MOST_TRIES, EventLog
from shared.eventlog.records import community_of
from shared.eventlog.store import LostRace
from shared.eventlog.unit_of_work import UnitOfWork
from shared.following.reader import Reader
from shared.request import Request

_NAMESPACE = UUID("0a5cf5f2-7a0e-5c55-8f3d-7f5f4f6a5be3")

# of an order as it is: whose time the command takes, and which
Wanted = Callable[[Order], tuple[str | None, Window | None]]
# the command, as what stands against it is known
Make = Callable[[Order, Obstacle | None], c.Command]


def book_id(technician: str) -> str:
    """The stream of a technician's visits: in the community they are registered with."""
    return f"{community_of(technician)}.{uuid5(_NAMESPACE, technician)}"


class Bookings:
    def __init__(self, log: EventLog, reader: Reader, directory: Directory) -> None:
        self._log = log
        self._reader = reader
        self._directory = directory

    def obstacles(self, order: Order, windows: Sequence[Window]) -> tuple[Obstacle | None, ...]:
        """What stands against each of these windows now; nothing where nobody has the order."""
        technician = order.technician
        if technician is None:
            return tuple(None for _ in windows)
        book: VisitBook = self._log.load(VISIT_BOOK, book_id(technician))[0]
        return tuple(self._look(order, technician, window, book)[0] for window in windows)

    def execute(self, request: Request, order_id: str, wanted: Wanted, make: Make) -> Answer:
        """Carry out a command of an order and, where it takes somebody's time, book that.

        Raises what the order's command raises; ``Conflict`` after too many lost races.
        """
        for _ in range(MOST_TRIES):
            work = UnitOfWork(self._log)
            found = work.foresee([(ORDER, order_id)])
            order: Order = found[ORDER.name, order_id].state
            technician, window = wanted(order)
            obstacle = None
            try:
                if technician is not None and window is not None:
                    obstacle = self.join(work, order_id, order, technician, window, request.context)
                settled = work.add(
                    ORDER,
                    order_id,
                    make(order, obstacle),
                    request.context,
                    expected_version=request.expected_version,
                )
                return settled if settled is not None else work.commit(lambda tx: None)[-1]
            except (LostRace, BookedMeanwhile):
                continue
        raise Conflict("others kept agreeing visits at the same time; read it again and retry")

    def join(
        self,
        work: UnitOfWork,
        order_id: str,
        order: Order,
        technician: str,
        window: Window,
        context: Context,
    ) -> Obstacle | None:
        """Book the window along with what else is done, or say what stands against it.

        Raises ``BookedMeanwhile`` where what was added before takes the same time.
        """
        stream = book_id(technician)
        book: VisitBook = work.foresee([(VISIT_BOOK, stream)])[VISIT_BOOK.name, stream].state
        obstacle, void = self._look(order, technician, window, book)
        if obstacle is not None:
            return obstacle
        command = BookVisit(
            technician=technician,
            order=order_id,
            number=order.number,
            starts=window.starts,
            ends=window.ends,
            void=void,
        )
        own = str(uuid5(UUID(context.command_id), f"book {order_id}"))
        work.add(VISIT_BOOK, stream, command, msgspec.structs.replace(context, command_id=own))
        return None

    def agreed(self, technician: str, starts: datetime, ends: datetime) -> list[Booking]:
        """Their visits that are agreed for some of this time and not begun, the first one first."""
        window = Window(starts=starts, ends=ends)
        book: VisitBook = self._log.load(VISIT_BOOK, book_id(technician))[0]
        found = [
            Booking(order=one, number=order.number, starts=at.starts, ends=at.ends)
            for one, order in self._met("", technician, window, book).items()
            if takes_time(order, technician, window)
            and order.visit is not None
            and order.visit.state == "agreed"
            and (at := order.visit.window) is not None
        ]
        return sorted(found, key=lambda one: (one.starts, one.number))

    def _look(
        self, order: Order, technician: str, window: Window, book: VisitBook
    ) -> tuple[Obstacle | None, frozenset[str]]:
        """What stands against it, and the orders whose bookings do not count any more."""
        void = set()
        for one, other in self._met(order.id, technician, window, book).items():
            if takes_time(other, technician, window):
                return Obstacle(why="booked", number=other.number), frozenset()
            void.add(one)
        record = self._log.load(STAFF_RECORD, record_id(technician))[0]
        zone = self._directory.timezone(order.community)
        why = away(record.shifts, record.leave, window.starts, window.ends, zone)
        return (None if why is None else Obstacle(why=why)), frozenset(void)

    def _met(self, but: str, technician: str, window: Window, book: VisitBook) -> dict[str, Order]:
        """The other orders, as they are now, that may have a visit of theirs in this window.

        The view knows of visits that were agreed before there was a book.
        """
        met = {one.order for one in book.meeting(window.starts, window.ends, but)}
        rows = visits_meeting(self._reader, [technician], window.starts, window.ends)
        met |= {row.key for row in rows if row.key != but}
        states = self._log.states_of([(ORDER, one) for one in sorted(met)])
        return {one: states[ORDER.name, one].state for one in sorted(met)}


def takes_time(order: Order, technician: str, window: Window) -> bool:
    """Whether the order's visit takes some of this window of theirs: one agreed, or begun."""
    visit = order.visit
    return (
        order.state == "dispatched"
        and order.technician == technician
        and visit is not None
        and visit.state in ("agreed", "kept")
        and visit.window is not None
        and visit.window.starts < window.ends
        and window.starts < visit.window.ends
    )
