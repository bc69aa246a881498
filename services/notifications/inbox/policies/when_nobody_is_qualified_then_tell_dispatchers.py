"""When nobody is there who is qualified for a work order, tell the dispatchers."""

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
        ("order_nobody_qualified", dispatchers(fact, reader)),
        about=fact.data["order"],
    )


SENTENCE = Sentence("workorders", "NobodyQualified", decide)
