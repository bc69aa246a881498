"""Calendars, targets and ladders that cannot be: typed errors that name the field."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from msgspec.structs import replace

from services.workorders.sla.domain import calendar as k
from services.workorders.sla.domain import ladder as ld
from services.workorders.sla.domain import targets as t
from shared.errors import Invalid
from tests.support.sla_cast import OFFICE_HOURS, day_off, promises, rule


def hours(*pairs: tuple[int, int]) -> tuple[k.Hours, ...]:
    return tuple(k.Hours(start=start, end=end) for start, end in pairs)


def monday(*pairs: tuple[int, int]) -> k.Calendar:
    return replace(OFFICE_HOURS, week=(hours(*pairs), *OFFICE_HOURS.week[1:]))


@pytest.mark.parametrize(
    ("calendar", "error", "field"),
    [
        (replace(OFFICE_HOURS, week=((),) * 7), k.NoWorkingTime, "week"),
        (replace(OFFICE_HOURS, week=(hours((0, 59)), *((),) * 6)), k.NoWorkingTime, "week"),
        (replace(OFFICE_HOURS, week=OFFICE_HOURS.week[:5]), Invalid, "week"),
        (monday((540, 720), (700, 1080)), k.OverlappingHours, "week.mon"),
        (monday((810, 1080), (540, 720)), k.OverlappingHours, "week.mon"),
        (monday((720, 540)), Invalid, "week.mon"),
        (monday((540, 540)), Invalid, "week.mon"),
        (monday((1380, 1500)), Invalid, "week.mon"),
        (
            replace(OFFICE_HOURS, days=(day_off("a", day=3), day_off("b", day=3))),
            k.DayGivenTwice,
            "days.2026-03-03",
        ),
        (
            replace(
                OFFICE_HOURS,
                days=(
                    k.SpecialDay(
                        date=dt.date(2026, 3, 3),
                        hours=hours((0, 9), (5, 20)),
                        kind="local",
                        name="",
                    ),
                ),
            ),
            k.OverlappingHours,
            "days.2026-03-03",
        ),
    ],
)
def test_a_calendar_nobody_can_work_by_is_refused(
    calendar: k.Calendar, error: type[Invalid], field: str
) -> None:
    with pytest.raises(Invalid) as found:
        k.check(calendar)
    assert type(found.value) is error and list(found.value.fields) == [field]


@pytest.mark.parametrize(
    ("targets", "error", "field"),
    [
        (promises(rule("repair", 60, priority="asap")), t.UnknownPriority, "rules.0.priority"),
        (
            promises(rule("repair", 60, category="noise", kind="repair")),
            Invalid,
            "rules.0.category",
        ),
        (promises(rule("repair", 60, category="sauna")), Invalid, "rules.0.category"),
        (promises(rule("repair", 60, kind="wish")), Invalid, "rules.0.kind"),
        (promises(rule("repair", 0)), Invalid, "rules.0.minutes"),
        (promises(rule("repair", t.MOST_MINUTES + 1)), Invalid, "rules.0.minutes"),
        (promises(rule("smile", 60)), Invalid, "rules.0.target"),  # type: ignore[arg-type]
        (promises(rule("repair", 60, "lunar")), Invalid, "rules.0.time"),
        (promises(rule("repair", 60), rule("repair", 90)), t.RuleGivenTwice, "rules.1"),
        (promises(stopping=("rain",)), Invalid, "stopping"),  # type: ignore[arg-type]
    ],
)
def test_targets_nobody_can_keep_are_refused(
    targets: t.Targets, error: type[Invalid], field: str
) -> None:
    with pytest.raises(Invalid) as found:
        t.check(targets)
    assert type(found.value) is error and list(found.value.fields) == [field]


def ladder(*steps: tuple[int, int], **match: Any) -> ld.Ladder:
    return ld.Ladder(steps=tuple(ld.Step(percent=p, up=u) for p, u in steps), **match)


@pytest.mark.parametrize(
    ("ladders", "error", "field"),
    [
        ([ladder((100, 1), (80, 1))], ld.StepsNotInOrder, "ladders.0.steps.1.percent"),
        ([ladder((100, 1), (100, 2))], ld.StepsNotInOrder, "ladders.0.steps.1.percent"),
        ([ladder((0, 1))], Invalid, "ladders.0.steps.0"),
        ([ladder((80, 6))], Invalid, "ladders.0.steps.0"),
        ([ladder((80, 1), category="sauna")], Invalid, "ladders.0.category"),
        ([ladder((80, 1)), ladder((90, 1))], ld.LadderGivenTwice, "ladders.1"),
    ],
)
def test_ladders_nobody_can_climb_are_refused(
    ladders: list[ld.Ladder], error: type[Invalid], field: str
) -> None:
    with pytest.raises(Invalid) as found:
        ld.check(ld.Ladders(ladders=tuple(ladders)))
    assert type(found.value) is error and list(found.value.fields) == [field]


def test_the_most_particular_rule_holds_category_before_priority_before_kind() -> None:
    targets = promises(
        rule("repair", 1),
        rule("repair", 2, kind="repair"),
        rule("repair", 3, priority="urgent"),
        rule("repair", 4, category="lift"),
        rule("repair", 5, category="lift", kind="complaint"),
    )
    found = [
        t.limit(targets, "repair", kind="repair", category=category, priority=priority)
        for category, priority in (
            ("plumbing", "normal"), ("plumbing", "urgent"), ("lift", "urgent"))
    ]  # fmt: skip
    assert [one and one.amount for one in found] == [
        dt.timedelta(minutes=minutes) for minutes in (2, 3, 4)
    ]
    complaint = t.limit(targets, "repair", kind="complaint", category="noise", priority="low")
    assert complaint is not None and complaint.amount == dt.timedelta(minutes=1)


def test_the_most_particular_ladder_holds_and_may_be_empty() -> None:
    ladders = ld.Ladders(ladders=(ladder((80, 0)), ladder((100, 2), category="lift"),
                                  ladder(category="noise", kind="complaint")))  # fmt: skip
    assert ld.steps(ladders, kind="repair", category="plumbing") == (ld.Step(percent=80, up=0),)
    assert ld.steps(ladders, kind="repair", category="lift") == (ld.Step(percent=100, up=2),)
    assert ld.steps(ladders, kind="complaint", category="noise") == ()
