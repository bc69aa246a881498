"""When work on an order was started, tell its accepter."""

from __future__ import annotations

from services.notifications.inbox.telling import tell
from shared.following.handlers import Done, Policy, Retry
from shared.following.reader import Reader
from shared.messaging.envelope import Fact


def decide(fact: Fact, reader: Reader) -> Done | Retry:
    return tell(fact, reader, ("order_started", [fact.data["accepter"]]))


POLICY = Policy(
    name="when_work_order_started_then_tell_accepter",
    follows="workorders",
    handles={"WorkOrderStarted": 1},
    decide=decide,
)
