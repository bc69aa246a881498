"""When a work order was reopened, tell the technician, who has it again, and the dispatchers."""

from __future__ import annotations

from services.notifications.inbox.telling import dispatchers, tell
from shared.following.handlers import Done, Policy, Retry
from shared.following.reader import Reader
from shared.messaging.envelope import Fact


def decide(fact: Fact, reader: Reader) -> Done | Retry:
    people = [fact.data["technician"], *dispatchers(fact, reader)]
    return tell(fact, reader, ("order_reopened", people))


POLICY = Policy(
    name="when_work_order_reopened_then_tell_technician_and_dispatchers",
    follows="workorders",
    handles={"WorkOrderReopened": 1},
    decide=decide,
)
