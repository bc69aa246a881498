"""When a work order was cancelled, tell everybody who had to do with it."""

from __future__ import annotations

from services.notifications.inbox.sentences import Sentence
from services.notifications.inbox.telling import dispatchers, tell
from shared.following.handlers import Done, Retry
from shared.following.reader import Reader
from shared.messaging.envelope import Fact


def decide(fact: Fact, reader: Reader) -> Done | Retry:
    staff = [fact.data["technician"], *dispatchers(fact, reader)]
    return tell(
        fact,
        reader,
        ("order_cancelled", [fact.data["accepter"], fact.data["reporter"]]),
        ("order_cancelled_staff", staff),
    )


SENTENCE = Sentence("workorders", "WorkOrderCancelled", decide)
