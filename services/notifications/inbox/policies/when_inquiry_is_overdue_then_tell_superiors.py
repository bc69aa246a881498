"""When nobody answered an inquiry in time, tell the superiors of its place."""

from __future__ import annotations

from services.notifications.inbox.sentences import Sentence
from services.notifications.inbox.telling import superiors, tell_of_inquiry
from shared.following.handlers import Done, Retry
from shared.following.reader import Reader
from shared.messaging.envelope import Fact


def decide(fact: Fact, reader: Reader) -> Done | Retry:
    return tell_of_inquiry(fact, reader, ("inquiry_overdue", superiors(fact, reader)))


SENTENCE = Sentence("workorders", "InquiryEscalated", decide)
