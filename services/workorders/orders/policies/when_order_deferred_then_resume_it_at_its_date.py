"""When an order was deferred, it goes on by itself at its date."""

from __future__ import annotations

from datetime import datetime

from shared.following.handlers import Done, Policy, SetTimer
from shared.following.reader import Reader
from shared.following.tables import moment_text
from shared.messaging.envelope import Fact


def decide(fact: Fact, reader: Reader) -> Done:
    until = moment_text(datetime.fromisoformat(fact.data["until"]))
    return Done(
        SetTimer(
            subject=fact.subject,
            # the cause is in it: it may be put off, and back again to the same date
            rule=f"resume {fact.id}",
            due=until,
            method="workorders.resume",
            # refused, and so void, where it went on or was put off further; after a downtime it
            # counts from its date
            request={"id": fact.subject, "occurred_at": until},
        )
    )


POLICY = Policy(
    name="when_order_deferred_then_resume_it_at_its_date",
    follows="workorders",
    handles={"WorkOrderDeferred": 1},
    decide=decide,
)
