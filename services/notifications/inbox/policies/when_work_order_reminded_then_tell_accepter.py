"""When a reminder is due, ask the accepter once more to look at the repair."""

from __future__ import annotations

from services.notifications.inbox.telling import tell
from shared.following.handlers import Done, Policy, Retry
from shared.following.reader import Reader
from shared.messaging.envelope import Fact


def decide(fact: Fact, reader: Reader) -> Done | Retry:
    return tell(fact, reader, ("order_reminded", [fact.data["accepter"]]))


POLICY = Policy(
    name="when_work_order_reminded_then_tell_accepter",
    follows="workorders",
    handles={"WorkOrderReminded": 1},
    decide=decide,
)
