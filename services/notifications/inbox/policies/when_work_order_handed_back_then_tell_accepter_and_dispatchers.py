"""When a work order was handed back, tell its accepter and the dispatchers."""

from __future__ import annotations

from services.notifications.inbox.telling import dispatchers, tell
from shared.following.handlers import Done, Policy, Retry
from shared.following.reader import Reader
from shared.messaging.envelope import Fact


def decide(fact: Fact, reader: Reader) -> Done | Retry:
    return tell(
        fact,
        reader,
        ("order_handed_back", [fact.data["accepter"]]),
        ("order_handed_back_staff", dispatchers(fact, reader)),
    )


POLICY = Policy(
    name="when_work_order_handed_back_then_tell_accepter_and_dispatchers",
    follows="workorders",
    handles={"WorkOrderHandedBack": 1},
    decide=decide,
)
