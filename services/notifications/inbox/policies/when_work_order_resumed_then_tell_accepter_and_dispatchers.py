"""When work on an order was resumed, tell its accepter and the dispatchers."""

from __future__ import annotations

from services.notifications.inbox.sentences import Sentence
from services.notifications.inbox.telling import dispatchers, tell
from shared.following.handlers import Done, Retry
from shared.following.reader import Reader
from shared.messaging.envelope import Fact


def decide(fact: Fact, reader: Reader) -> Done | Retry:
    return tell(
        fact,
        reader,
        ("order_resumed", [fact.data["accepter"]]),
        ("order_resumed_staff", [fact.data["technician"], *dispatchers(fact, reader)]),
    )


SENTENCE = Sentence("workorders", "WorkOrderResumed", decide)
