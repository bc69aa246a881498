"""What is on record about a member of staff: one stream a person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any

from msgspec import Meta as Within
from msgspec import Struct

from services.workorders.staff.domain.vocabulary import Skill
from shared.privacy.personal import Personal

Level = Annotated[int, Within(ge=1, le=3)]


class StaffEvent(Struct, frozen=True, kw_only=True):
    """``person`` is whom it is about."""

    person: str


class SkillRecorded(StaffEvent, frozen=True, kw_only=True):
    """``level``: 1 learns it, 2 does it alone, 3 teaches it. The last one counts."""

    skill: Skill
    level: Level


class SkillWithdrawn(StaffEvent, frozen=True, kw_only=True):
    skill: Skill


class CertificateRecorded(StaffEvent, frozen=True, kw_only=True):
    """Valid from the first day to the last, both whole, in the time of the order's community."""

    certificate: str
    skill: Skill
    title: str
    number: Annotated[str | None, Personal("person")]
    valid_from: date
    valid_until: date


class CertificateWithdrawn(StaffEvent, frozen=True, kw_only=True):
    certificate: str
    skill: Skill


class ShiftPlanned(StaffEvent, frozen=True, kw_only=True):
    """From ``starts`` until just before ``ends``."""

    shift: str
    starts: datetime
    ends: datetime


class ShiftWithdrawn(StaffEvent, frozen=True, kw_only=True):
    shift: str
    starts: datetime
    ends: datetime


class LeaveGranted(StaffEvent, frozen=True, kw_only=True):
    """From ``starts`` until just before ``ends``; shifts inside do not count. Why is not kept."""

    leave: str
    starts: datetime
    ends: datetime


class LeaveWithdrawn(StaffEvent, frozen=True, kw_only=True):
    leave: str
    starts: datetime
    ends: datetime


EVENTS: dict[str, tuple[int, type]] = {
    "SkillRecorded": (1, SkillRecorded),
    "SkillWithdrawn": (1, SkillWithdrawn),
    "CertificateRecorded": (1, CertificateRecorded),
    "CertificateWithdrawn": (1, CertificateWithdrawn),
    "ShiftPlanned": (1, ShiftPlanned),
    "ShiftWithdrawn": (1, ShiftWithdrawn),
    "LeaveGranted": (1, LeaveGranted),
    "LeaveWithdrawn": (1, LeaveWithdrawn),
}
UPCASTERS: dict[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {}
