"""Rounds of automatic dispatching: all that waits, and everybody, looked at together."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid5

import msgspec

from services.workorders.bookings.application import Bookings
from services.workorders.dispatching.crew import Crew
from services.workorders.dispatching.domain import rules as r
from services.workorders.dispatching.domain.assignment import Decision, Solve, assign
from services.workorders.dispatching.domain.wait import WAIT, SayNobodyQualified, Wait
from services.workorders.dispatching.rulebook import Rulebook, rules_id
from services.workorders.dispatching.views.assignments.projection import ASSIGNMENTS, Row
from services.workorders.dispatching.views.assignments.queries import MOST_WAITING, waiting
from services.workorders.dispatching.work import waiting_orders
from services.workorders.incidents.views.incidents.projection import INCIDENTS
from services.workorders.incidents.views.incidents.queries import in_one, open_at
from services.workorders.orders.application import ORDER
from services.workorders.orders.domain import commands as c
from services.workorders.orders.domain.state import Order
from services.workorders.orders.domain.visits.values import SeenVisit
from services.workorders.orders.domain.vocabulary import DISPATCHERS, SERVICE
from services.workorders.register.directory import Directory
from services.workorders.sla.views.order_clocks.projection import ORDER_CLOCKS
from services.workorders.staff.views.roster.projection import ROSTER
from services.workorders.staff.views.technicians.projection import TECHNICIANS
from shared.errors import Conflict, Forbidden, Unavailable, WuyeError
from shared.eventlog.decider import Context
from shared.eventlog.executor import EventLog
from shared.eventlog.store import LostRace
from shared.eventlog.unit_of_work import UnitOfWork
from shared.following.reader import Reader
from shared.request import Request

MOST_TRIES = 4
_NAMESPACE = UUID("7d0f9b52-0c0a-5b0d-9f0e-2a6f5b7c1d83")

Data = dict[str, Any]


class Rounds:
    """``solve`` is the solver of the assignment problem."""

    def __init__(
        self,
        log: EventLog,
        reader: Reader,
        directory: Directory,
        rulebook: Rulebook,
        crew: Crew,
        bookings: Bookings,
        solve: Solve,
    ) -> None:
        self._log = log
        self._bookings = bookings
        self._reader = reader
        self._directory = directory
        self._rulebook = rulebook
        self._crew = crew
        self._solve = solve
        self._most = MOST_WAITING

    def hold_round(self, request: Request, data: Data) -> Data:
        """Give out what waits in automatic categories: ``{"round", "waiting", "dispatched":
        [{"id", "number", "technician"}], "unqualified": [{"id", "number"}], "log", "position"}``.

        Rounds of one community go one after the other, and each is one transaction: nobody is
        given more than they can hold by two at once. ``position`` 0: nothing was to be written.
        """
        community = data["community"]
        self._directory.timezone(community)
        if request.caller.roles(community).isdisjoint(DISPATCHERS | SERVICE):
            raise Forbidden("Only those who dispatch there may hold a round.")
        for _ in range(MOST_TRIES):
            try:
                return self._held(request, community)
            except (LostRace, r.RoundOverlaps):
                continue
        raise Conflict("others kept dispatching at the same time; hold the round again")

    def _held(self, request: Request, community: str) -> Data:
        rules = self._rulebook.of(community)
        self._catch_up()
        found, more = self._waiting(community, rules)
        decisions = self._decided(community, found, rules) if found else []
        work = UnitOfWork(self._log)
        dispatched, unqualified = [], []
        for decision in decisions:
            row = found[decision.order]
            if decision.technician is not None:
                if self._dispatch(request, work, row, decision):
                    dispatched.append(row)
            elif not decision.qualified and self._say_nobody(request, work, row, decision):
                unqualified.append(row)
        answer: Data = {
            "round": rules.rounds,
            "waiting": len(found),
            "dispatched": [
                {"id": row.key, "number": row.number, "technician": decision.technician}
                for decision in decisions
                if (row := found[decision.order]) in dispatched
            ],
            "unqualified": [{"id": row.key, "number": row.number} for row in unqualified],
            "log": self._log.name,
            "position": 0,
        }
        if not dispatched and not unqualified:
            return answer
        work.add(
            r.DISPATCH_RULES,
            rules_id(community),
            r.HoldRound(
                community=community,
                after=rules.rounds,
                waiting=len(found),
                dispatched=tuple(row.key for row in dispatched),
                unqualified=tuple(row.key for row in unqualified),
                more=more,
            ),
            _context(request, f"round:{rules.rounds + 1}"),
        )
        answers = work.commit(lambda tx: None)
        return {**answer, "round": rules.rounds + 1, "position": answers[-1].position}

    def _catch_up(self) -> None:
        """Who has what must be known up to the log's end: everything decides by it."""
        head = self._log.head()
        for view in (ASSIGNMENTS, ROSTER, TECHNICIANS, INCIDENTS, ORDER_CLOCKS):
            if self._reader.wait(view, head):
                raise Unavailable("what is known of the work is behind", retry_after=1.0)

    def _waiting(self, community: str, rules: r.DispatchRules) -> tuple[dict[str, Row], bool]:
        """At most one round's worth, the longest waiting first, and whether more wait; what an open
        incident answers is seen to with it.
        """
        outages = open_at(self._reader, community)
        found = [
            row
            for row in waiting(self._reader, community)
            if rules.rule(row.kind, row.category).mode == "automatic" and not in_one(outages, row)
        ]
        more = len(found) > self._most
        if more:
            # or as many that nobody can be sent to would keep all others waiting for ever
            waits = self._log.states_of((WAIT, _wait_id(row)) for row in found)
            found.sort(key=lambda row: _told(waits[WAIT.name, _wait_id(row)].state, row))
        return {row.key: row for row in found[: self._most]}, more

    def _decided(
        self, community: str, found: dict[str, Row], rules: r.DispatchRules
    ) -> list[Decision]:
        at = self._log.clock.now()
        orders = waiting_orders(self._log, self._reader, community, found.values(), rules, at)
        return assign(
            orders,
            self._crew.technicians(community, at, orders),
            rules.weights,
            at.astimezone(self._directory.timezone(community)),
            places=rules.buildings,
            edition=rules.edition,
            solve=self._solve,
        )

    def _dispatch(self, request: Request, work: UnitOfWork, row: Row, decision: Decision) -> bool:
        technician = str(decision.technician)
        # The same order may come back, and go to the same person again.
        context = _context(request, f"{row.key}:{row.version}")
        undo = work.savepoint()
        try:
            command = c.Dispatch(
                by=request.caller,
                technician=technician,
                technician_here=True,
                choice=decision.choice,
                visit=self._visit(work, row, technician, context),
            )
            work.add(ORDER, row.key, command, context)
        except WuyeError:
            undo()
            return False  # cancelled, dispatched or promised to others this very moment
        return True

    def _visit(
        self, work: UnitOfWork, row: Row, technician: str, context: Context
    ) -> SeenVisit | None:
        """The visit that is agreed, booked along with the rest, or what stands against it."""
        if row.visit_starts is None:
            return None
        order: Order = work.foresee([(ORDER, row.key)])[ORDER.name, row.key].state
        window = order.visit_agreed
        if window is None:
            return None
        obstacle = self._bookings.join(work, row.key, order, technician, window, context)
        return SeenVisit(window=window, obstacle=obstacle)

    def _say_nobody(self, request: Request, work: UnitOfWork, row: Row, decision: Decision) -> bool:
        stream = _wait_id(row)
        if _told(self._log.load(WAIT, stream)[0], row):
            return False
        command = SayNobodyQualified(
            order=row.key,
            order_version=row.version,
            number=row.number,
            kind="repair" if row.kind == "repair" else "complaint",
            category=row.category,
            building=row.building,
            unit=row.unit,
            reasons=decision.passed_over,
        )
        work.add(WAIT, stream, command, _context(request, f"{row.key}:{row.version}"))
        return True


def _wait_id(row: Row) -> str:
    return f"{row.community}.{uuid5(_NAMESPACE, row.key)}"


def _told(wait: Wait, row: Row) -> bool:
    """Whether it was said already that nobody can be sent to it as it is."""
    return wait.told_version >= row.version


def _context(request: Request, what: str) -> Context:
    """Ids of their own for the many commands that one round makes."""
    return msgspec.structs.replace(
        request.context, command_id=str(uuid5(UUID(request.context.command_id), what))
    )
