"""When a declined order was appealed, tell the dispatchers and those above them."""

from __future__ import annotations

from services.notifications.inbox.telling import dispatchers, superiors, tell
from shared.following.handlers import Done, Policy, Retry
from shared.following.reader import Reader
from shared.messaging.envelope import Fact


def decide(fact: Fact, reader: Reader) -> Done | Retry:
    people = [*dispatchers(fact, reader), *superiors(fact, reader)]
    return tell(fact, reader, ("order_appealed", people))


POLICY = Policy(
    name="when_work_order_appealed_then_tell_dispatchers_and_superiors",
    follows="workorders",
    handles={"WorkOrderAppealed": 1},
    decide=decide,
)
