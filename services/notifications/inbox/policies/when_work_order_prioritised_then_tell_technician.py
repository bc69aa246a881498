"""When a work order became more or less urgent, tell the technician who has it."""

from __future__ import annotations

from services.notifications.inbox.sentences import Sentence
from services.notifications.inbox.telling import tell
from shared.following.handlers import Done, Retry
from shared.following.reader import Reader
from shared.messaging.envelope import Fact


def decide(fact: Fact, reader: Reader) -> Done | Retry:
    return tell(
        fact,
        reader,
        ("order_prioritised", [fact.data["technician"]]),
        more={"priority": fact.data["priority"]},
    )


SENTENCE = Sentence("workorders", "WorkOrderPrioritised", decide)
