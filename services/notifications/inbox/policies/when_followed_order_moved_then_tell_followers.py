"""When an order that people follow moved on, tell them."""

from __future__ import annotations

from services.notifications.inbox.sentences import Sentence
from services.notifications.inbox.telling import tell
from shared.following.handlers import Done, Retry
from shared.following.reader import Reader
from shared.messaging.envelope import Fact


def decide(fact: Fact, reader: Reader) -> Done | Retry:
    told = (f"followed_{fact.data['progress']}", fact.data["followers"])
    return tell(fact, reader, told, about=fact.data["order"])


SENTENCE = Sentence("workorders", "FollowedOrderMoved", decide)
