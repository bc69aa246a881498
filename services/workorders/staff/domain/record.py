"""A staff record: what was recorded, and what may be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from services.workorders.staff.domain import events as e
from services.workorders.staff.domain.vocabulary import SKILLS, Skill
from shared.errors import Forbidden, Invalid, NotFound, Refused
from shared.eventlog.decider import Decider
from shared.eventlog.records import Meta

LONGEST_SHIFT = timedelta(hours=24)
LONGEST_LEAVE = timedelta(days=366)
# what ended longer ago can overlap nothing that anybody still plans
REMEMBERED = timedelta(days=31)

T = TypeVar("T")


class NotTheirSuperior(Forbidden):
    """Only a supervisor or manager of the person's place, or their own superior, may do this."""


class NotOnRecord(NotFound):
    """There is no such skill, certificate, shift or leave of this person."""


class ShiftsOverlap(Refused):
    """The person has another shift at that time."""


class LeavesOverlap(Refused):
    """The person is on leave for part of that time already."""


class OnLeave(Refused):
    """Nobody is given a shift while on leave."""


class Certificate(Struct, frozen=True, kw_only=True):
    certificate: str
    skill: Skill
    valid_from: date
    valid_until: date

    def valid(self, day: date) -> bool:
        return self.valid_from <= day <= self.valid_until


class Span(Struct, frozen=True, kw_only=True):
    """A shift or a leave; ``ends`` is outside."""

    id: str
    starts: datetime
    ends: datetime

    def covers(self, moment: datetime) -> bool:
        return self.starts <= moment < self.ends

    def meets(self, starts: datetime, ends: datetime) -> bool:
        return self.starts < ends and starts < self.ends


class StaffRecord(Struct, frozen=True, kw_only=True):
    """``levels``: each skill with its level. ``shifts``, ``leave``: of the last month and later."""

    person: str | None = None
    levels: tuple[tuple[Skill, int], ...] = ()
    certificates: tuple[Certificate, ...] = ()
    shifts: tuple[Span, ...] = ()
    leave: tuple[Span, ...] = ()

    @property
    def skills(self) -> dict[Skill, int]:
        return dict(self.levels)


class Command(Struct, frozen=True, kw_only=True):
    """``employed``: the person holds a post of staff. ``in_charge``: the caller leads them."""

    person: str
    employed: bool
    in_charge: bool


class RecordSkill(Command, frozen=True, kw_only=True):
    skill: str
    level: int


class WithdrawSkill(Command, frozen=True, kw_only=True):
    skill: str


class RecordCertificate(Command, frozen=True, kw_only=True):
    certificate: str
    skill: str
    title: str
    number: str | None
    valid_from: date
    valid_until: date


class WithdrawCertificate(Command, frozen=True, kw_only=True):
    certificate: str


class PlanShifts(Command, frozen=True, kw_only=True):
    """All of them or none."""

    shifts: tuple[Span, ...]


class WithdrawShift(Command, frozen=True, kw_only=True):
    shift: str


class GrantLeave(Command, frozen=True, kw_only=True):
    leave: Span


class WithdrawLeave(Command, frozen=True, kw_only=True):
    leave: str


def decide(command: Command, state: StaffRecord, _meta: Meta) -> list[e.StaffEvent]:
    """Recording again what is on record adds nothing.

    Raises ``NotTheirSuperior``, ``NotOnRecord``, ``ShiftsOverlap``, ``LeavesOverlap``, ``OnLeave``
    or ``Invalid`` with ``fields``.
    """
    if not command.in_charge:
        raise NotTheirSuperior(
            "Only a supervisor or manager of this person's place, or their superior, may do this."
        )
    if not command.employed:
        raise _invalid("person", "This person holds no post of staff here.")
    return _DECIDE[type(command)](command, state)


def _record_skill(command: RecordSkill, state: StaffRecord) -> list[e.StaffEvent]:
    skill = _skill(command.skill)
    if not 1 <= command.level <= 3:
        raise _invalid("level", "A level is 1, 2 or 3.")
    if state.skills.get(skill) == command.level:
        return []
    return [e.SkillRecorded(person=command.person, skill=skill, level=command.level)]


def _withdraw_skill(command: WithdrawSkill, state: StaffRecord) -> list[e.StaffEvent]:
    skill = _skill(command.skill)
    if skill not in state.skills:
        raise NotOnRecord("This person does not have that skill.")
    return [e.SkillWithdrawn(person=command.person, skill=skill)]


def _record_certificate(command: RecordCertificate, state: StaffRecord) -> list[e.StaffEvent]:
    skill = _skill(command.skill)
    if command.valid_until < command.valid_from:
        raise _invalid("valid_until", "The certificate ends before it starts.")
    return [
        e.CertificateRecorded(
            person=command.person,
            certificate=command.certificate,
            skill=skill,
            title=command.title,
            number=command.number,
            valid_from=command.valid_from,
            valid_until=command.valid_until,
        )
    ]


def _withdraw_certificate(command: WithdrawCertificate, state: StaffRecord) -> list[e.StaffEvent]:
    found = [one for one in state.certificates if one.certificate == command.certificate]
    if not found:
        raise NotOnRecord("This person does not have that certificate.")
    return [
        e.CertificateWithdrawn(
            person=command.person, certificate=command.certificate, skill=found[0].skill
        )
    ]


def _plan_shifts(command: PlanShifts, state: StaffRecord) -> list[e.StaffEvent]:
    taken = list(state.shifts)
    for number, shift in enumerate(command.shifts):
        field = f"shifts.{number}"
        _check_span(shift, LONGEST_SHIFT, f"{field}.")
        if any(other.meets(shift.starts, shift.ends) for other in taken):
            raise ShiftsOverlap(
                "This person has another shift at that time.",
                fields={field: ["It overlaps another shift."]},
            )
        if any(leave.meets(shift.starts, shift.ends) for leave in state.leave):
            raise OnLeave(
                "This person is on leave at that time.",
                fields={field: ["It falls into a leave."]},
            )
        taken.append(shift)
    return [
        e.ShiftPlanned(person=command.person, shift=one.id, starts=one.starts, ends=one.ends)
        for one in command.shifts
    ]


def _withdraw_shift(command: WithdrawShift, state: StaffRecord) -> list[e.StaffEvent]:
    found = _span(state.shifts, command.shift, "shift")
    return [
        e.ShiftWithdrawn(
            person=command.person, shift=found.id, starts=found.starts, ends=found.ends
        )
    ]


def _grant_leave(command: GrantLeave, state: StaffRecord) -> list[e.StaffEvent]:
    leave = command.leave
    _check_span(leave, LONGEST_LEAVE, "")
    if any(other.meets(leave.starts, leave.ends) for other in state.leave):
        raise LeavesOverlap(
            "This person is on leave for part of that time already.",
            fields={"starts": ["It overlaps another leave."]},
        )
    return [
        e.LeaveGranted(person=command.person, leave=leave.id, starts=leave.starts, ends=leave.ends)
    ]


def _withdraw_leave(command: WithdrawLeave, state: StaffRecord) -> list[e.StaffEvent]:
    found = _span(state.leave, command.leave, "leave")
    return [
        e.LeaveWithdrawn(
            person=command.person, leave=found.id, starts=found.starts, ends=found.ends
        )
    ]


_DECIDE: dict[type[Command], Callable[[Any, StaffRecord], list[e.StaffEvent]]] = {
    RecordSkill: _record_skill,
    WithdrawSkill: _withdraw_skill,
    RecordCertificate: _record_certificate,
    WithdrawCertificate: _withdraw_certificate,
    PlanShifts: _plan_shifts,
    WithdrawShift: _withdraw_shift,
    GrantLeave: _grant_leave,
    WithdrawLeave: _withdraw_leave,
}


def evolve(state: StaffRecord, event: e.StaffEvent, meta: Meta) -> StaffRecord:
    state = replace(state, person=event.person)
    match event:
        case e.SkillRecorded():
            known = {**state.skills, event.skill: event.level}
            return replace(state, levels=tuple(sorted(known.items())))
        case e.SkillWithdrawn():
            left = tuple(one for one in state.levels if one[0] != event.skill)
            return replace(state, levels=left)
        case e.CertificateRecorded():
            certificate = Certificate(
                certificate=event.certificate,
                skill=event.skill,
                valid_from=event.valid_from,
                valid_until=event.valid_until,
            )
            return replace(state, certificates=(*state.certificates, certificate))
        case e.CertificateWithdrawn():
            kept = tuple(one for one in state.certificates if one.certificate != event.certificate)
            return replace(state, certificates=kept)
        case e.ShiftPlanned():
            shift = Span(id=event.shift, starts=event.starts, ends=event.ends)
            return replace(state, shifts=(*_recent(state.shifts, meta.time), shift))
        case e.ShiftWithdrawn():
            return replace(state, shifts=_without(state.shifts, event.shift))
        case e.LeaveGranted():
            leave = Span(id=event.leave, starts=event.starts, ends=event.ends)
            return replace(state, leave=(*_recent(state.leave, meta.time), leave))
        case e.LeaveWithdrawn():
            return replace(state, leave=_without(state.leave, event.leave))
    return state


def _recent(spans: tuple[Span, ...], now: datetime) -> tuple[Span, ...]:
    return tuple(span for span in spans if span.ends > now - REMEMBERED)


def _without(spans: tuple[Span, ...], gone: str) -> tuple[Span, ...]:
    return tuple(span for span in spans if span.id != gone)


def _span(spans: tuple[Span, ...], wanted: str, what: str) -> Span:
    for span in spans:
        if span.id == wanted:
            return span
    raise NotOnRecord(f"This person has no such {what}.", fields={what: [f"no such {what}"]})


def _check_span(span: Span, longest: timedelta, field: str) -> None:
    if span.ends <= span.starts:
        raise _invalid(f"{field}ends", "It ends before it starts.")
    if span.ends - span.starts > longest:
        raise _invalid(f"{field}ends", f"It lasts longer than {longest.days} days.")


def _skill(name: str) -> Skill:
    for skill in SKILLS:
        if skill == name:
            return skill
    raise _invalid("skill", f"Choose one of: {', '.join(SKILLS)}.")


def _invalid(field: str, text: str) -> Invalid:
    return Invalid(f"{field}: {text}", fields={field: [text]})


STAFF_RECORD = Decider("staff_record", StaffRecord, decide, evolve)
