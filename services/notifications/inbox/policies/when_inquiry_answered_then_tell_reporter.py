"""When an inquiry was answered, tell whoever wrote it."""

from __future__ import annotations

from services.notifications.inbox.sentences import Sentence
from services.notifications.inbox.telling import tell_of_inquiry
from shared.following.handlers import Done, Retry
from shared.following.reader import Reader
from shared.messaging.envelope import Fact


def decide(fact: Fact, reader: Reader) -> Done | Retry:
    return tell_of_inquiry(fact, reader, ("inquiry_answered", [fact.data["reporter"]]))


SENTENCE = Sentence("workorders", "InquiryAnswered", decide)
