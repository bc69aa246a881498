"""When nobody answers about a repair, its accepter is reminded, and after that staff check the
work; each once, after as many hours as the event says.
"""

from __future__ import annotations

from datetime import timedelta

from services.workorders.orders.domain.aftercare import STANDARD
from shared.following.handlers import Done, Policy, SetTimer
from shared.following.reader import Reader
from shared.following.tables import moment_text
from shared.messaging.envelope import Fact

# by event: the timer's rule, what is called, and the hours until then, as they were before events
# said so
STEPS: dict[str, tuple[str, str, str, int]] = {
    "WorkOrderRepaired": ("remind_accepter", "remind", "remind_hours", STANDARD.remind_hours),
    "WorkOrderReminded": ("request_check", "request_check", "check_hours", STANDARD.check_hours),
}


def decide(fact: Fact, reader: Reader) -> Done:
    if fact.data["accepter"] is None:
        return Done()
    rule, command, field, usual = STEPS[fact.type]
    return Done(
        SetTimer(
            subject=fact.subject,
            rule=rule,
            due=moment_text(fact.time + timedelta(hours=fact.data.get(field, usual))),
            method=f"workorders.{command}",
            # Whatever happens to the order in between is an answer, and makes this void.
            request={"id": fact.subject, "expected_version": fact.version},
        )
    )


POLICY = Policy(
    name="when_accepter_does_not_answer_then_remind_them_and_have_the_work_checked",
    follows="workorders",
    handles=dict.fromkeys(STEPS, 1),
    decide=decide,
)
