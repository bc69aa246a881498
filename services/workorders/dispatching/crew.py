"""The technicians of a community as dispatching sees them, put together from what is known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from services.workorders.dispatching.domain.assignment import (
    BEFORE_A_VISIT,
    Technician,
    WaitingOrder,
)
from services.workorders.dispatching.rulebook import Rulebook
from services.workorders.dispatching.views.assignments.queries import hands, visits_meeting
from services.workorders.orders.domain.state import Order
from services.workorders.register.directory import Directory
from services.workorders.staff.application import record_id
from services.workorders.staff.domain.qualification import certified
from services.workorders.staff.domain.record import STAFF_RECORD, Span, StaffRecord
from services.workorders.staff.domain.vocabulary import Skill, skill_for
from services.workorders.staff.views.roster import queries as roster
from services.workorders.staff.views.roster.projection import Row
from services.workorders.staff.views.technicians.projection import TECHNICIANS
from services.workorders.staff.views.technicians.projection import Row as Known
from shared.eventlog.executor import EventLog
from shared.following.reader import Reader


class Crew:
    def __init__(
        self, log: EventLog, reader: Reader, directory: Directory, rulebook: Rulebook
    ) -> None:
        self._log = log
        self._reader = reader
        self._directory = directory
        self._rulebook = rulebook

    def technicians(
        self, community: str, at: datetime, orders: Sequence[WaitingOrder]
    ) -> list[Technician]:
        """Everybody who holds a technician's post there, with what they have in hand at ``at`` and
        what is to be known of them for these orders.
        """
        people = self._posted(community)
        visits = [order.visit for order in orders if order.visit is not None]
        last = max((one.ends for one in visits), default=at)
        spans = (roster.since if visits else roster.at)(self._reader, at)
        booked = visits_meeting(self._reader, people, at, max(last, at + BEFORE_A_VISIT))
        known = {row.key: row for row in self._reader.rows(TECHNICIANS)}
        held = hands(self._reader, people, at)
        found = []
        for person, one in people.items():
            row: Known | None = known.get(person)
            has = held[person]
            found.append(
                msgspec.structs.replace(
                    one,
                    skills=row.skills if row is not None else {},
                    certificates=row.certificates if row is not None else (),
                    shifts=_spans(spans, person, "shift"),
                    leave=_spans(spans, person, "leave"),
                    visits=tuple(
                        Span(id=one.key, starts=one.visit_starts, ends=one.visit_ends)
                        for one in booked
                        if one.technician == person and one.visit_starts and one.visit_ends
                    ),
                    load=has.load,
                    given=has.given,
                    near=has.near,
                )
            )
        return found

    def certified(self, order: Order, person: str) -> bool:
        """Whether no certificate that this order takes is missing or expired today: by what was
        known a second ago, or by what is known now.
        """
        return self._certified(order, person, recent=True) or self._certified(
            order, person, recent=False
        )

    def _certified(self, order: Order, person: str, *, recent: bool) -> bool:
        skill = skill_for(order.kind, order.category)
        if skill is None:
            return True
        rules = self._rulebook.of(order.community, recent=recent)
        rule = rules.rule(order.kind, order.category)
        zone = self._directory.timezone(order.community)
        day = self._log.clock.now().astimezone(zone).date()
        held = self._record(person, recent=recent).certificates
        return certified(skill, rule.certificate_required, held, day)

    def skills(self, person: str) -> dict[Skill, int]:
        return self._record(person).skills

    def _record(self, person: str, *, recent: bool = False) -> StaffRecord:
        """As of now: what was recorded a moment ago counts; ``recent``: maybe not yet."""
        state: StaffRecord
        if recent:
            state = self._log.recent(STAFF_RECORD, record_id(person))
        else:
            state, _ = self._log.load(STAFF_RECORD, record_id(person))
        return state

    def _posted(self, community: str) -> dict[str, Technician]:
        found: dict[str, Technician] = {}
        for post in self._directory.technicians(community):
            before = found.get(post.person)
            reach = frozenset(post.buildings or ())
            found[post.person] = Technician(
                person=post.person,
                everywhere=post.buildings is None or (before is not None and before.everywhere),
                buildings=reach | (before.buildings if before is not None else frozenset()),
            )
        return found


def _spans(rows: list[Row], person: str, what: str) -> tuple[Span, ...]:
    return tuple(
        Span(id=row.key, starts=row.starts, ends=row.ends)
        for row in rows
        if row.person == person and row.what == what
    )
