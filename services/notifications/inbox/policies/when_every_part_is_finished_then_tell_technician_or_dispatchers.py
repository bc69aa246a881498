"""When every part of an order is finished, tell who is to report it as done, or the dispatchers."""

from __future__ import annotations

from services.notifications.inbox.sentences import Sentence
from services.notifications.inbox.telling import dispatchers, tell
from shared.following.handlers import Done, Retry
from shared.following.reader import Reader
from shared.messaging.envelope import Fact


def decide(fact: Fact, reader: Reader) -> Done | Retry:
    if fact.data["left"]:
        return Done()
    technician = fact.data["technician"]
    whom = [technician] if technician is not None else dispatchers(fact, reader)
    return tell(fact, reader, ("order_parts_finished", whom))


SENTENCE = Sentence("workorders", "WorkOrderSubOrderFinished", decide)
