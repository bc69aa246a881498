"""When a calendar was set, those who set it are warned before its public holidays run out."""

from __future__ import annotations

import msgspec

from services.workorders.sla.domain.calendar import Calendar, holidays_missed_from
from shared.following.handlers import Done, Policy, SetTimer
from shared.following.reader import Reader
from shared.following.tables import moment_text
from shared.messaging.envelope import Fact


def decide(fact: Fact, reader: Reader) -> Done:
    calendar = msgspec.convert(fact.data["calendar"], Calendar)
    missed = holidays_missed_from(calendar, fact.time)
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
    handles={"ServiceCalendarSet": 1},
    decide=decide,
)
