"""When work on an order was paused, tell its accepter and the dispatchers why."""

from __future__ import annotations

from services.notifications.inbox.telling import dispatchers, tell
from shared.following.handlers import Done, Policy, Retry
from shared.following.reader import Reader
from shared.messaging.envelope import Fact


def decide(fact: Fact, reader: Reader) -> Done | Retry:
    return tell(
        fact,
        reader,
        ("order_paused", [fact.data["accepter"]]),
        ("order_paused_staff", [fact.data["technician"], *dispatchers(fact, reader)]),
        more={"reason": fact.data["reason"]},
    )


POLICY = Policy(
    name="when_work_order_paused_then_tell_accepter_and_dispatchers",
    follows="workorders",
    handles={"WorkOrderPaused": 1},
    decide=decide,
)
