"""When an inquiry came in, tell the dispatchers, and the resident it was written down for."""

from __future__ import annotations

from services.notifications.inbox.sentences import Sentence
from services.notifications.inbox.telling import dispatchers, tell_of_inquiry
from shared.following.handlers import Done, Retry
from shared.following.reader import Reader
from shared.messaging.envelope import Fact


def decide(fact: Fact, reader: Reader) -> Done | Retry:
    return tell_of_inquiry(
        fact,
        reader,
        ("inquiry_submitted", dispatchers(fact, reader)),
        ("inquiry_taken_down", [fact.data["reporter"]]),
    )


SENTENCE = Sentence("workorders", "InquirySubmitted", decide)
