"""When a calendar was set, those who set it are warned before its public holidays run out; and as
long as nothing is done about it, before every further year.
"""

from __future__ import annotations

import msgspec

from services.workorders.sla.domain.calendar import Calendar, holidays_missed_from
from services.workorders.sla.views.service_levels.projection import SERVICE_LEVELS
from shared.following.handlers import Done, Policy, Retry, SetTimer
from shared.following.reader import Reader
from shared.following.tables import moment_text
from shared.messaging.envelope import Fact

PAUSE_SECONDS = 0.05


def decide(fact: Fact, reader: Reader) -> Done | Retry:
    if fact.type == "ServiceCalendarSet":
        return _warned(fact, msgspec.convert(fact.data["calendar"], Calendar))
    if not reader.has_reached(SERVICE_LEVELS, fact.position):
        return Retry(PAUSE_SECONDS, "the view of the service levels is a moment behind")
    row = reader.row(SERVICE_LEVELS, fact.community)
    if row is None:
        return Done()
    return _warned(fact, row.levels.calendars[-1].calendar, behind=fact.data["year"])


def _warned(fact: Fact, calendar: Calendar, behind: int = 0) -> Done:
    missed = holidays_missed_from(calendar, fact.time, behind)
    if missed is None:
        return Done()
    due = moment_text(missed)
    return Done(
        SetTimer(
            subject=fact.subject,
            rule="warn_of_missing_holidays",
            due=due,
            method="workorders.warn_of_missing_holidays",
            request={"community": fact.community, "due": due},
        )
    )


POLICY = Policy(
    name="when_calendar_set_then_warn_before_its_public_holidays_run_out",
    follows="workorders",
    handles={"ServiceCalendarSet": 1, "PublicHolidaysMissing": 1},
    decide=decide,
)
