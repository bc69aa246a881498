"""When a visit was agreed, both sides are reminded at six in the evening of the day before."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from shared.following.handlers import Done, Policy, SetTimer
from shared.following.reader import Reader
from shared.following.tables import moment_text
from shared.messaging.envelope import Fact

EVENING = time(18)


def decide(fact: Fact, reader: Reader) -> Done:
    starts = datetime.fromisoformat(fact.data["starts"])
    zone = ZoneInfo(fact.data["zone"])
    day = starts.astimezone(zone).date() - timedelta(days=1)
    due = datetime.combine(day, EVENING, zone)
    if due <= fact.time:
        return Done()
    return Done(
        SetTimer(
            subject=fact.subject,
            # the cause is in it: it may be moved away and back again
            rule=f"remind_visit {fact.id}",
            due=moment_text(due),
            method="workorders.remind_visit",
            # refused, and so void, where it was moved or called off
            request={"id": fact.subject, "starts": starts.isoformat()},
        )
    )


POLICY = Policy(
    name="when_visit_agreed_then_remind_of_it_the_day_before",
    follows="workorders",
    handles={"WorkOrderVisitChosen": 1, "WorkOrderVisitMoved": 1},
    decide=decide,
)
