"""Those who set a calendar are warned once of each year without public holidays, in time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from services.workorders.sla import schemas
from services.workorders.sla.domain.holiday_warnings import NotYoursToWarn
from shared.following import timers
from tests.unit.workorders.sla.company import COMMUNITY, HOUR, WEEK, Company, boss, machine, sun

NEW_YEAR_LESS_60_DAYS = "2026-11-01T16:00:00.000000Z"


def of(*years: int) -> dict[str, Any]:
    return {"week": WEEK, "holidays": {"country": "CN", "years": [*years]}}


def fired(company: Company, at: str) -> list[int]:
    """The years warned of by the timers that are due at ``at``, as the leader would."""
    parts, years = company.bench.parts, []
    company.bench.clock.set(datetime.fromisoformat(at))
    for timer in timers.due(parts.store, parts.clock.now()):
        if timer.method == "workorders.warn_of_missing_holidays":
            answer = company.bench.ask(
                "holiday_warnings", "warn_of_missing_holidays", schemas.WarnOfMissingHolidays,
                machine, command_id=timer.command_id, **timer.request,
            )  # fmt: skip
            years += answer["years"]
        timers.mark_fired(parts.store, timer)
    return years


def warned(company: Company) -> list[int]:
    facts = company.bench.facts()
    return [one.data["year"] for one in facts if one.type == "PublicHolidaysMissing"]


def test_a_warning_comes_sixty_days_before_the_first_year_that_is_missing(company: Company) -> None:
    company.set("calendar", **of(2026))
    assert fired(company, "2026-11-01T15:59:59+00:00") == []
    assert fired(company, "2026-11-01T16:00:00+00:00") == [2027] == warned(company)


def test_as_long_as_nobody_enters_any_every_year_is_warned_of(company: Company) -> None:
    company.set("calendar", **of(2026))
    assert fired(company, "2026-11-01T16:00:00+00:00") == [2027]
    assert fired(company, "2027-11-01T15:59:59+00:00") == []
    assert fired(company, "2027-11-01T16:00:00+00:00") == [2028]


def test_nobody_is_warned_of_what_was_entered_meanwhile_nor_twice(company: Company) -> None:
    company.set("calendar", **of(2026))
    company.set("calendar", **of(2026, 2027))
    assert fired(company, "2026-12-01T00:00:00+00:00") == []
    assert fired(company, "2027-11-01T16:00:00+00:00") == [2028]
    # an hour later it is set anew, and lacks the same year
    company.bench.clock.advance(HOUR)
    company.set("calendar", **of(2027))
    assert fired(company, "2027-11-02T00:00:00+00:00") == []
    assert warned(company) == [2028]


def test_a_calendar_set_without_the_present_year_is_warned_of_at_once(company: Company) -> None:
    company.set("calendar", **of(2025))
    assert fired(company, company.bench.clock.now().isoformat()) == [2026]


def test_where_no_holidays_are_wanted_nobody_is_warned(company: Company) -> None:
    own = {"date": "2026-10-09", "hours": [], "name": "设备检修"}
    company.set("calendar", week=WEEK, days=[own])
    assert fired(company, "2028-01-01T00:00:00+00:00") == [] == warned(company)


def test_only_the_clock_warns(company: Company) -> None:
    company.set("calendar", **of(2025))
    for caller in (boss, sun):
        with pytest.raises(NotYoursToWarn):
            company.bench.ask(
                "holiday_warnings", "warn_of_missing_holidays", schemas.WarnOfMissingHolidays,
                caller, community=COMMUNITY, due=NEW_YEAR_LESS_60_DAYS,
            )  # fmt: skip
    assert warned(company) == []
