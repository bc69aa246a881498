"""When a resident confirmed what staff took down for them, tell technician and dispatchers."""

from __future__ import annotations

from services.notifications.inbox.sentences import Sentence
from services.notifications.inbox.telling import dispatchers, tell
from shared.following.handlers import Done, Retry
from shared.following.reader import Reader
from shared.messaging.envelope import Fact


def decide(fact: Fact, reader: Reader) -> Done | Retry:
    whom = [fact.data["technician"], *dispatchers(fact, reader)]
    return tell(fact, reader, ("order_quote_answer_confirmed", whom))


SENTENCE = Sentence("workorders", "WorkOrderQuoteAnswerConfirmed", decide)
