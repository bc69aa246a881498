"""When a work order was submitted, tell the dispatchers, and the resident it was taken down for."""

from __future__ import annotations

from services.notifications.inbox.sentences import Sentence
from services.notifications.inbox.telling import dispatchers, tell
from shared.following.handlers import Done, Retry
from shared.following.reader import Reader
from shared.messaging.envelope import Fact


def decide(fact: Fact, reader: Reader) -> Done | Retry:
    residents = (fact.data["accepter"], fact.data["reporter"])
    return tell(
        fact,
        reader,
        ("order_submitted", dispatchers(fact, reader)),
        ("order_taken_down", residents if fact.data["accepter_kind"] == "resident" else ()),
    )


SENTENCE = Sentence("workorders", "WorkOrderSubmitted", decide)
