"""When a quote was put, the end of its time is recorded, should nobody answer until then.

The time itself ends it: one that nobody could record yet is not to be accepted any more.
"""

from __future__ import annotations

from datetime import datetime

from shared.following.handlers import Done, Policy, SetTimer
from shared.following.reader import Reader
from shared.following.tables import moment_text
from shared.messaging.envelope import Fact


def decide(fact: Fact, reader: Reader) -> Done:
    number = fact.data["quote"]
    return Done(
        SetTimer(
            subject=fact.subject,
            rule=f"lapse_quote {number}",
            due=moment_text(datetime.fromisoformat(fact.data["valid_until"])),
            method="workorders.lapse_quote",
            # refused, and so void, where it was answered
            request={"id": fact.subject, "quote": number},
        )
    )


POLICY = Policy(
    name="when_quote_put_then_let_it_lapse_at_its_time",
    follows="workorders",
    handles={"WorkOrderQuoted": 1},
    decide=decide,
)
