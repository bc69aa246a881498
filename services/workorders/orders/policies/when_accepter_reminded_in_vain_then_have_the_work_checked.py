"""When an accepter was reminded and does not answer for three days more, staff check the work."""

from __future__ import annotations

from datetime import timedelta

from shared.following.handlers import Done, Policy, SetTimer
from shared.following.reader import Reader
from shared.following.tables import moment_text
from shared.messaging.envelope import Fact

AFTER = timedelta(hours=72)


def decide(fact: Fact, reader: Reader) -> Done:
    return Done(
        SetTimer(
            subject=fact.subject,
            rule="request_check",
            due=moment_text(fact.time + AFTER),
            method="workorders.request_check",
            # Whatever happens to the order in between is an answer.
            request={"id": fact.subject, "expected_version": fact.version},
        )
    )


POLICY = Policy(
    name="when_accepter_reminded_in_vain_then_have_the_work_checked",
    follows="workorders",
    handles={"WorkOrderReminded": 1},
    decide=decide,
)
