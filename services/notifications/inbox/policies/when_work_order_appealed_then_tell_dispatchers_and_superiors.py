"""When a declined order was appealed, tell the dispatchers and those above them."""

from __future__ import annotations

from services.notifications.inbox.sentences import Sentence
from services.notifications.inbox.telling import dispatchers, superiors, tell
from shared.following.handlers import Done, Retry
from shared.following.reader import Reader
from shared.messaging.envelope import Fact


def decide(fact: Fact, reader: Reader) -> Done | Retry:
    people = [*dispatchers(fact, reader), *superiors(fact, reader)]
    return tell(fact, reader, ("order_appealed", people))


SENTENCE = Sentence("workorders", "WorkOrderAppealed", decide)
