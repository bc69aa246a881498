"""When an inquiry was made a work order, tell whoever wrote it."""

from __future__ import annotations

from services.notifications.inbox.sentences import Sentence
from services.notifications.inbox.telling import tell_of_inquiry
from shared.following.handlers import Done, Retry
from shared.following.reader import Reader
from shared.messaging.envelope import Fact


def decide(fact: Fact, reader: Reader) -> Done | Retry:
    return tell_of_inquiry(
        fact,
        reader,
        ("inquiry_converted", [fact.data["reporter"]]),
        more={"order_number": fact.data["order_number"]},
    )


SENTENCE = Sentence("workorders", "InquiryConverted", decide)
