"""When a work order was transferred, tell both technicians and the accepter."""

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
        ("order_transferred_to", [fact.data["technician"]]),
        ("order_transferred_from", [fact.data["from_technician"]]),
        ("order_transferred", [fact.data["accepter"]]),
    )


SENTENCE = Sentence("workorders", "WorkOrderTransferred", decide)
