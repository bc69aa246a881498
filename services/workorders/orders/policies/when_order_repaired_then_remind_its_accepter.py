"""When an order was repaired and nobody answers for three days, its accepter is reminded, once."""

from __future__ import annotations

from datetime import timedelta

from shared.following.handlers import Done, Policy, SetTimer
from shared.following.reader import Reader
from shared.following.tables import moment_text
from shared.messaging.envelope import Fact

AFTER = timedelta(hours=72)


def decide(fact: Fact, reader: Reader) -> Done:
    if fact.data["accepter"] is None:
        return Done()
    return Done(
        SetTimer(
            subject=fact.subject,
            rule="remind_accepter",
            due=moment_text(fact.time + AFTER),
            method="workorders.remind",
            # Whatever happens to the order in between makes this reminder void.
            request={"id": fact.subject, "expected_version": fact.version},
        )
    )


POLICY = Policy(
    name="when_order_repaired_then_remind_its_accepter",
    follows="workorders",
    handles={"WorkOrderRepaired": 1},
    decide=decide,
)
