"""When work on an order was resumed, tell its accepter and the dispatchers."""

from __future__ import annotations

from services.notifications.inbox.telling import dispatchers, tell
from shared.following.handlers import Done, Policy, Retry
from shared.following.reader import Reader
from shared.messaging.envelope import Fact


def decide(fact: Fact, reader: Reader) -> Done | Retry:
    return tell(
        fact,
        reader,
        ("order_resumed", [fact.data["accepter"]]),
        ("order_resumed_staff", [fact.data["technician"], *dispatchers(fact, reader)]),
    )


POLICY = Policy(
    name="when_work_order_resumed_then_tell_accepter_and_dispatchers",
    follows="workorders",
    handles={"WorkOrderResumed": 1},
    decide=decide,
)
