"""What may be put on record about staff, and by whom; and what is answered about it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.workorders.definition import SERVICE
from services.workorders.staff import schemas as s
from services.workorders.staff.domain import events as e
from services.workorders.staff.domain import record as r
from shared.errors import Forbidden, Invalid
from shared.identity.caller import Caller, Post
from shared.testing.scenario import NOON, at, given
from tests.support.order_facts import CHEN, MEI, WANG, community_registered, granted
from tests.support.service_bench import ServiceBench

HOUR = timedelta(hours=1)
boss = Caller("garden.boss", (Post("manager", "garden"),))
neighbour = Caller("hill.boss", (Post("manager", "hill"),))


def span(name: str, starts: int, ends: int) -> r.Span:
    """From so many hours after noon to so many."""
    return r.Span(id=name, starts=NOON + starts * HOUR, ends=NOON + ends * HOUR)


def planned(name: str, starts: int, ends: int) -> e.ShiftPlanned:
    return e.ShiftPlanned(
        person="wang", shift=name, starts=NOON + starts * HOUR, ends=NOON + ends * HOUR
    )


def on_leave(name: str, starts: int, ends: int) -> e.LeaveGranted:
    return e.LeaveGranted(
        person="wang", leave=name, starts=NOON + starts * HOUR, ends=NOON + ends * HOUR
    )


def command(cls: type[r.Command], **fields: Any) -> r.Command:
    return cls(**{"person": "wang", "employed": True, "in_charge": True, **fields})


def shifts(*spans: r.Span, **more: Any) -> r.Command:
    return command(r.PlanShifts, shifts=spans, **more)


def certificate(valid_from: date, valid_until: date) -> r.Command:
    return command(
        r.RecordCertificate,
        certificate="c1",
        skill="electrical",
        title="低压电工证",
        number="T-1",
        valid_from=valid_from,
        valid_until=valid_until,
    )


class TestRules:
    def test_shifts_that_touch_do_not_overlap(self) -> None:
        given(r.STAFF_RECORD, planned("s1", 0, 8)).when(shifts(span("s2", 8, 16))).then(
            planned("s2", 8, 16)
        )

    @pytest.mark.parametrize(("starts", "ends"), [(7, 9), (-1, 1), (2, 3), (-1, 9), (0, 8)])
    def test_overlapping_shifts_are_refused(self, starts: int, ends: int) -> None:
        given(r.STAFF_RECORD, planned("s1", 0, 8)).when(shifts(span("s2", starts, ends))).refused(
            r.ShiftsOverlap, fields=["shifts.0"]
        )

    def test_shifts_of_one_request_may_not_overlap_each_other(self) -> None:
        given(r.STAFF_RECORD).when(shifts(span("s1", 0, 8), span("s2", 7, 9))).refused(
            r.ShiftsOverlap, fields=["shifts.1"]
        )

    def test_a_shift_that_ended_months_ago_is_forgotten_by_the_state_alone(self) -> None:
        later = NOON + timedelta(days=90)
        state = (
            given(r.STAFF_RECORD, planned("s1", 0, 8))
            .when(shifts(span("s2", 24 * 90, 24 * 90 + 8)), at=later)
            .after()
        )
        assert [one.id for one in state.shifts] == ["s2"]

    def test_nobody_is_given_a_shift_while_on_leave(self) -> None:
        given(r.STAFF_RECORD, on_leave("l1", 0, 48)).when(shifts(span("s1", 40, 48))).refused(
            r.OnLeave, fields=["shifts.0"]
        )

    def test_leave_may_be_granted_over_a_planned_shift(self) -> None:
        leave = span("l1", 0, 24)
        given(r.STAFF_RECORD, planned("s1", 0, 8)).when(command(r.GrantLeave, leave=leave)).then(
            on_leave("l1", 0, 24)
        )

    def test_overlapping_leave_is_refused(self) -> None:
        given(r.STAFF_RECORD, on_leave("l1", 0, 24)).when(
            command(r.GrantLeave, leave=span("l2", 23, 30))
        ).refused(r.LeavesOverlap)

    @pytest.mark.parametrize("ends", [0, -1, 25])
    def test_a_shift_that_ends_before_it_starts_or_lasts_more_than_a_day_is_invalid(
        self, ends: int
    ) -> None:
        given(r.STAFF_RECORD).when(shifts(span("s1", 0, ends))).refused(
            Invalid, fields=["shifts.0.ends"]
        )

    def test_a_certificate_that_ends_before_it_starts_is_invalid(self) -> None:
        given(r.STAFF_RECORD).when(certificate(date(2026, 3, 2), date(2026, 3, 1))).refused(
            Invalid, fields=["valid_until"]
        )

    def test_a_certificate_may_be_valid_for_one_day(self) -> None:
        day = date(2026, 3, 2)
        state = given(r.STAFF_RECORD).when(certificate(day, day)).after()
        (held,) = state.certificates
        assert held.valid(day)
        assert not held.valid(day - timedelta(days=1))
        assert not held.valid(day + timedelta(days=1))

    def test_recording_the_same_skill_again_adds_nothing(self) -> None:
        known = e.SkillRecorded(person="wang", skill="lift", level=2)
        given(r.STAFF_RECORD, known).when(command(r.RecordSkill, skill="lift", level=2)).then()

    def test_what_is_not_on_record_cannot_be_withdrawn(self) -> None:
        given(r.STAFF_RECORD, planned("s1", 0, 8)).when(
            command(r.WithdrawShift, shift="s2")
        ).refused(r.NotOnRecord)
        given(r.STAFF_RECORD).when(command(r.WithdrawSkill, skill="lift")).refused(r.NotOnRecord)

    def test_a_withdrawn_shift_makes_room(self) -> None:
        gone = e.ShiftWithdrawn(person="wang", shift="s1", starts=NOON, ends=NOON + 8 * HOUR)
        given(r.STAFF_RECORD, planned("s1", 0, 8), at(NOON, gone)).when(
            shifts(span("s2", 1, 2))
        ).then(planned("s2", 1, 2))

    def test_only_who_leads_them_may_say_it(self) -> None:
        given(r.STAFF_RECORD).when(shifts(span("s1", 0, 8), in_charge=False)).refused(
            r.NotTheirSuperior
        )

    def test_only_staff_has_a_record(self) -> None:
        given(r.STAFF_RECORD).when(
            command(r.RecordSkill, skill="lift", level=2, employed=False)
        ).refused(Invalid, fields=["person"])


@pytest.fixture
def bench() -> Iterator[ServiceBench]:
    found = ServiceBench(SERVICE)
    found.told(
        "security",
        community_registered(),
        granted(WANG, "technician"),
        granted(CHEN, "technician"),
    )
    yield found
    found.close()


def day(hour: int) -> str:
    return datetime(2026, 3, 2, hour, tzinfo=UTC).isoformat()


class TestAnswers:
    def test_who_is_on_shift_is_told_for_any_moment_without_those_on_leave(
        self, bench: ServiceBench
    ) -> None:
        for who in (WANG, CHEN):
            bench.ask(
                "staff",
                "plan_shifts",
                s.PlanShifts,
                boss,
                person=who,
                shifts=[{"starts": day(8), "ends": day(16)}],
            )
        bench.ask(
            "staff", "grant_leave", s.GrantLeave, boss, person=CHEN, starts=day(9), ends=day(12)
        )
        bench.ask("staff", "record_skill", s.RecordSkill, boss, person=WANG, skill="lift")

        def there(hour: int) -> list[str]:
            answer = bench.ask(
                "staff", "on_shift", s.OnShift, boss, community="garden", at=day(hour)
            )
            return [one["person"] for one in answer["people"]]

        assert there(7) == []
        assert there(8) == sorted([WANG, CHEN])
        assert there(10) == [WANG]
        assert there(12) == sorted([WANG, CHEN])
        assert there(16) == []

    def test_a_record_tells_all_and_only_to_those_concerned(self, bench: ServiceBench) -> None:
        bench.ask("staff", "record_skill", s.RecordSkill, boss, person=WANG, skill="lift", level=3)
        made = bench.ask(
            "staff",
            "record_certificate",
            s.RecordCertificate,
            boss,
            person=WANG,
            skill="lift",
            title="电梯作业证",
            number="T-77",
            valid_from="2025-01-01",
            valid_until="2026-12-31",
        )
        own = Caller(WANG, (Post("technician", "garden"),))
        found = bench.ask("staff", "staff_record", s.OfPerson, own, person=WANG)
        assert found["skills"] == {"lift": 3}
        assert found["certificates"] == [
            {
                "person": WANG,
                "certificate": made["certificate"],
                "skill": "lift",
                "title": "电梯作业证",
                "number": "T-77",
                "valid_from": "2025-01-01",
                "valid_until": "2026-12-31",
            }
        ]
        for stranger in (neighbour, Caller(CHEN, (Post("technician", "garden"),))):
            with pytest.raises(Forbidden):
                bench.ask("staff", "staff_record", s.OfPerson, stranger, person=WANG)

    def test_a_manager_of_another_community_may_record_nothing(self, bench: ServiceBench) -> None:
        with pytest.raises(r.NotTheirSuperior):
            bench.ask("staff", "record_skill", s.RecordSkill, neighbour, person=WANG, skill="lift")

    def test_a_resident_has_no_record(self, bench: ServiceBench) -> None:
        with pytest.raises(r.NotTheirSuperior):
            bench.ask("staff", "record_skill", s.RecordSkill, boss, person=MEI, skill="lift")


class TestRoster:
    def roster(self, bench: ServiceBench, caller: Caller = boss, **more: Any) -> Any:
        asked = {"since": NOON.isoformat(), "until": (NOON + 7 * 24 * HOUR).isoformat(), **more}
        return bench.ask("rosters", "roster", s.Roster, caller, community="garden", **asked)

    def test_it_tells_everybodys_shifts_and_leave_of_those_days(self, bench: ServiceBench) -> None:
        for starts in (-30, 1, 200):
            span_ = {
                "starts": (NOON + starts * HOUR).isoformat(),
                "ends": (NOON + (starts + 8) * HOUR).isoformat(),
            }
            bench.ask("staff", "plan_shifts", s.PlanShifts, boss, person=WANG, shifts=[span_])
        leave = {"starts": (NOON - 5 * HOUR).isoformat(), "ends": (NOON + HOUR).isoformat()}
        bench.ask("staff", "grant_leave", s.GrantLeave, boss, person=CHEN, **leave)
        people = {one["person"]: one for one in self.roster(bench)["people"]}
        assert set(people) == {WANG, CHEN}
        assert [one["starts"] for one in people[WANG]["shifts"]] == [(NOON + HOUR).isoformat()]
        assert (people[CHEN]["shifts"], len(people[CHEN]["leave"])) == ([], 1)
        assert people[WANG]["in_charge"] and people[WANG]["roles"] == ["technician"]

    def test_a_skill_whose_certificates_have_all_expired_is_stopped(
        self, bench: ServiceBench
    ) -> None:
        today = NOON.date()
        for skill, last in (("lift", today - timedelta(days=1)), ("heating", today)):
            bench.ask("staff", "record_skill", s.RecordSkill, boss, person=WANG, skill=skill)
            bench.ask(
                "staff",
                "record_certificate",
                s.RecordCertificate,
                boss,
                person=WANG,
                skill=skill,
                title="证",
                valid_from="2020-01-01",
                valid_until=last.isoformat(),
            )
        (wang,) = [one for one in self.roster(bench)["people"] if one["person"] == WANG]
        assert wang["stopped"] == ["lift"]
        assert {one["skill"] for one in wang["certificates"]} == {"lift", "heating"}

    def test_it_is_for_those_who_lead_or_dispatch_there_and_for_a_time_that_makes_sense(
        self, bench: ServiceBench
    ) -> None:
        for caller in (neighbour, Caller(WANG, (Post("technician", "garden"),))):
            with pytest.raises(Forbidden):
                self.roster(bench, caller)
        for until in (NOON, NOON + timedelta(days=80)):
            with pytest.raises(Invalid) as error:
                self.roster(bench, until=until.isoformat())
            assert list(error.value.fields) == ["until"]
