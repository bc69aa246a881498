"""The use cases of orders: find what the command needs to know, decide, append, answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID, uuid5

from services.workorders.orders.domain import commands as c
from services.workorders.orders.domain.aftercare import Aftercare
from services.workorders.orders.domain.decide import decide
from services.workorders.orders.domain.links import Origin
from services.workorders.orders.domain.photos import PhotoMissing
from services.workorders.orders.domain.quotes.commands import PutQuote
from services.workorders.orders.domain.quotes.values import Answerer, QuoteLine
from services.workorders.orders.domain.refusals import NoSuchOrder
from services.workorders.orders.domain.state import Order, evolve
from services.workorders.orders.domain.visits.refusals import VisitNotSeen
from services.workorders.orders.domain.visits.values import Obstacle, SeenVisit
from services.workorders.orders.domain.vocabulary import (
    COMMITTEE,
    MANAGER,
    STAFF,
    TECHNICIAN,
    Material,
)
from services.workorders.orders.numbers import Numbers
from services.workorders.orders.visibility import knows_of
from services.workorders.register.directory import Directory
from shared.errors import Conflict, Invalid
from shared.eventlog.answering import answered
from shared.eventlog.decider import Answer, Decider
from shared.eventlog.executor import EventLog
from shared.request import Request

if TYPE_CHECKING:
    from services.workorders.bookings.application import Bookings, Make, Wanted

ORDER = Decider("order", Order, decide, evolve)
_NAMESPACE = UUID("5b0f3a1e-6c58-5d3f-9e02-7a4f4ed0b8c7")
# what those hold who answer a quote that is not for the resident to answer
_ANSWERING: tuple[tuple[Answerer, frozenset[str]], ...] = (
    ("committee", COMMITTEE),
    ("manager", MANAGER),
)

Data = dict[str, Any]
# whether no certificate that the order takes is missing or expired, by the technician's id
Certified = Callable[[Order, str], bool]
# what follows the work on an order of a community, by kind and category
AftercareOf = Callable[[str, str, str], Aftercare]


class PhotosNeeded(Protocol):
    """The fields of a report of the work that the order's category does not do without: by the
    rules as they are now, or ``recent``: as they were up to a second ago.
    """

    def __call__(self, order: Order, *, recent: bool) -> tuple[str, ...]: ...


class Orders:
    """Commands answer ``{"id", "number", "state", "version", "log", "position"}``."""

    def __init__(
        self,
        log: EventLog,
        directory: Directory,
        numbers: Numbers,
        certified: Certified,
        photos_needed: PhotosNeeded,
        bookings: Bookings,
        aftercare: AftercareOf,
    ) -> None:
        self._log = log
        self._bookings = bookings
        self._aftercare = aftercare
        self._photos_needed = photos_needed
        self._certified = certified
        self._directory = directory
        self._numbers = numbers

    # -- new orders --------------------------------------------------------------------------------

    def submit(
        self,
        request: Request,
        data: Data,
        *,
        order_id: str | None = None,
        origin: Origin | None = None,
    ) -> Data:
        """Report a repair or complain. Raises ``Invalid`` where place or people do not fit
        together. ``order_id``: of what there may be one alone.
        """
        community, caller = data["community"], request.caller
        place = self._directory.place(community, unit=data["unit"], building=data["building"])
        context = request.context
        own = uuid5(_NAMESPACE, f"{context.actor}:{context.command_id}")
        order_id = order_id or f"{community}.{own}"
        accepter = data["accepter"] or data["reporter"] or caller.person
        people = {caller.person, accepter, data["reporter"] or accepter}
        occupants = self._directory.living_at(place, people)
        for field in ("reporter", "accepter"):
            person = data[field]
            if person is not None and not self._directory.known(person, community):
                raise Invalid(
                    f"{field}: nobody of that id", fields={field: ["is nobody known here"]}
                )
        # Whoever neither lives there nor works there is no resident either: the domain says so.
        staff = accepter not in occupants and self._directory.holds(
            accepter, STAFF, community, place.building
        )
        return self._create(
            request,
            order_id,
            lambda number: c.Submit(
                by=caller,
                id=order_id,
                number=number,
                kind=data["kind"],
                category=data["category"],
                building=place.building,
                unit=place.unit,
                reporter=data["reporter"],
                accepter=accepter,
                accepter_kind="staff" if staff else "resident",
                occupants=tuple(sorted(occupants)),
                channel=data["channel"],
                description=data["description"],
                photos=tuple(data["photos"]),
                priority=data["priority"],
                origin=origin,
                aftercare=self._aftercare(community, data["kind"], data["category"]),
            ),
            data["kind"],
        )

    def import_order(self, request: Request, data: Data) -> Data:
        """Take over one order of another system; the same one again adds nothing (``repeated``)."""
        community = data["community"]
        self._directory.timezone(community)
        origin = f"{data['source']}:{data['source_id']}"
        order_id = f"{community}.{uuid5(_NAMESPACE, origin)}"
        if self._log.load(ORDER, order_id)[1]:
            return {**self._standing(order_id), "repeated": True}
        answer = self._create(
            request,
            order_id,
            lambda number: c.ImportOrder(
                by=request.caller,
                id=order_id,
                number=number,
                kind=data["kind"],
                category=data["category"],
                source=data["source"],
                source_id=data["source_id"],
                submitted_at=data["submitted_at"],
                closed_at=data["closed_at"],
                status=data["status"],
                closed=data["closed"],
                description=data["description"],
            ),
            data["kind"],
        )
        return {**answer, "repeated": False}

    def _create(
        self, request: Request, order_id: str, command: Callable[[str], c.Command], kind: str
    ) -> Data:
        community = order_id.partition(".")[0]
        # Of a command sent again the number goes unused: the order is there with its own.
        number = self._numbers.next(community, kind)
        return self._execute(request, order_id, command(number), new=True)

    # -- commands to one order ---------------------------------------------------------------------

    def dispatch(self, request: Request, data: Data) -> Data:
        return self._assign(request, data, c.Dispatch)

    def transfer(self, request: Request, data: Data) -> Data:
        return self._assign(request, data, c.Transfer, reason=data["reason"])

    def repair(self, request: Request, data: Data) -> Data:
        lists = {
            "materials": tuple(Material(**item) for item in data["materials"]),
            "photos": tuple(data["photos"]),
            "photos_before": tuple(data["photos_before"]),
        }
        order = self._must_know(request, data["id"])

        def report(*, recent: bool) -> Data:
            needed = self._photos_needed(order, recent=recent)
            return self.do(request, {**data, **lists, "photos_needed": needed}, c.Repair)

        try:
            return report(recent=True)
        except PhotoMissing:
            # the rule may have been lifted a moment ago
            return report(recent=False)

    def in_zone(self, request: Request, data: Data, command: type[c.Command]) -> Data:
        """A command with times that people read in the zone of the order's community."""
        zone = self.zone(self._must_know(request, data["id"]))
        return self.do(request, {**data, "zone": zone}, command)

    def zone(self, order: Order) -> str:
        return self._directory.timezone(order.community).key

    def booked(self, request: Request, order_id: str, wanted: Wanted, make: Make) -> Data:
        """A command that may take somebody's time for a visit."""
        self._must_know(request, order_id)
        return self._answer(self._bookings.execute(request, order_id, wanted, make))

    def quote(self, request: Request, data: Data) -> Data:
        lines = tuple(QuoteLine(**line) for line in data["lines"])
        order = self._must_know(request, data["id"])
        place = (order.community, order.building)
        known = {
            "committee": self._directory.any_holds(COMMITTEE, *place),
            "others": tuple(
                answerer
                for answerer, roles in _ANSWERING
                if self._directory.any_holds(roles, *place, but=request.caller.person)
            ),
        }
        return self.do(request, {**data, "lines": lines, **known}, PutQuote)

    def decline(self, request: Request, data: Data) -> Data:
        other = data["duplicate_of"]
        if other is not None:
            same = other.partition(".")[0] == data["id"].partition(".")[0]
            if not same or not self._log.load(ORDER, other)[1]:
                raise Invalid(
                    "duplicate_of: there is no such order in this community",
                    fields={"duplicate_of": ["is no order of this community"]},
                )
        return self.do(request, data, c.Decline)

    def do(self, request: Request, data: Data, command: type[c.Command]) -> Data:
        """A command whose fields are those of its request."""
        order_id = data["id"]
        values = {name: value for name, value in data.items() if name != "id"}
        self._must_know(request, order_id)
        return self._execute(request, order_id, command(by=request.caller, **values))

    def _assign(
        self, request: Request, data: Data, command: type[c.Dispatch | c.Transfer], **more: Any
    ) -> Data:
        order = self._must_know(request, data["id"])
        here = self._directory.holds(
            data["technician"], TECHNICIAN, order.community, order.building
        )
        certified = not here or self._certified(order, data["technician"])

        def make(_: Order, visit: SeenVisit | None) -> c.Command:
            return command(
                by=request.caller,
                technician=data["technician"],
                technician_here=here,
                certified=certified,
                visit=visit,
                **more,
            )

        return self.give(request, data["id"], data["technician"], make)

    def give(
        self,
        request: Request,
        order_id: str,
        technician: str,
        make: Callable[[Order, SeenVisit | None], c.Command],
    ) -> Data:
        """Put an order into somebody's hands, along with the visit that is agreed, if one is."""
        order = self._must_know(request, order_id)
        if order.visit_agreed is None:
            try:
                return self._execute(request, order_id, make(order, None))
            except VisitNotSeen:
                pass  # agreed since

        def seen(order: Order, obstacle: Obstacle | None) -> c.Command:
            window = order.visit_agreed
            return make(order, window and SeenVisit(window=window, obstacle=obstacle))

        return self.booked(request, order_id, lambda order: (technician, order.visit_agreed), seen)

    def do_with(
        self, request: Request, order_id: str, command: Callable[[Order], c.Command]
    ) -> Data:
        """``command`` is made of the order as it is known."""
        order = self._must_know(request, order_id)
        return self._execute(request, order_id, command(order))

    def _must_know(self, request: Request, order_id: str) -> Order:
        """The order, unless it is none or one of a community the caller has no business with."""
        for look in (self._log.known, self._log.load):
            order, version = look(ORDER, order_id)
            if version and knows_of(request.caller, order):
                found: Order = order
                return found
        raise NoSuchOrder(NoSuchOrder.text)

    def _execute(
        self, request: Request, order_id: str, command: c.Command, *, new: bool = False
    ) -> Data:
        return self._answer(
            self._log.execute(
                ORDER,
                order_id,
                command,
                request.context,
                expected_version=request.expected_version,
                new=new,
            )
        )

    def _standing(self, order_id: str) -> Data:
        state, version = self._log.load(ORDER, order_id)
        return self._answer(
            Answer(
                stream=order_id,
                version=version,
                position=self._log.store.position_of(order_id, version),
                state=state,
            )
        )

    def _answer(self, answer: Answer) -> Data:
        return answered(self._log, answer, number=answer.state.number, state=answer.state.state)


def must_be_at(request: Request, version: int) -> None:
    """Raises ``Conflict`` where the caller expects another version of what an order comes from."""
    if request.expected_version not in (None, version):
        raise Conflict(
            f"It is at version {version}: read it again.",
            fields={"expected_version": [f"It is at version {version}."]},
            reason="stale_version",
        )
