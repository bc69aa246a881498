"""When a repair was accepted, tell the technician."""

from __future__ import annotations

from services.notifications.inbox.telling import tell
from shared.following.handlers import Done, Policy, Retry
from shared.following.reader import Reader
from shared.messaging.envelope import Fact


def decide(fact: Fact, reader: Reader) -> Done | Retry:
    return tell(fact, reader, ("order_accepted", [fact.data["technician"]]))


POLICY = Policy(
    name="when_work_order_accepted_then_tell_technician",
    follows="workorders",
    handles={"WorkOrderAccepted": 1},
    decide=decide,
)
