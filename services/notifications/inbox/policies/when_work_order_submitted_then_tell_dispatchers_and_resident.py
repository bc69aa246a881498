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
        ("order_taken_down", residents if _for_a_resident(fact) else ()),
    )


def _for_a_resident(fact: Fact) -> bool:
    """Who wrote the inquiry that it was made of hears of it there."""
    origin = fact.data.get("origin")
    made_of_inquiry = origin is not None and origin["relation"] == "inquiry"
    return fact.data["accepter_kind"] == "resident" and not made_of_inquiry


SENTENCE = Sentence("workorders", "WorkOrderSubmitted", decide)
