"""When times for a visit were offered, ask the accepter to choose."""

from __future__ import annotations

from services.notifications.inbox.sentences import Sentence
from services.notifications.inbox.telling import tell
from shared.following.handlers import Done, Retry
from shared.following.reader import Reader
from shared.messaging.envelope import Fact


def decide(fact: Fact, reader: Reader) -> Done | Retry:
    return tell(
        fact,
        reader,
        ("visit_offered", [fact.data["accepter"]]),
    )


SENTENCE = Sentence("workorders", "WorkOrderVisitsOffered", decide)
