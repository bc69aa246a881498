"""When work on an order was paused, tell its accepter and the dispatchers why."""

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
        ("order_paused", [fact.data["accepter"]]),
        ("order_paused_staff", [fact.data["technician"], *dispatchers(fact, reader)]),
        more={"reason": fact.data["reason"]},
    )


SENTENCE = Sentence("workorders", "WorkOrderPaused", decide)
