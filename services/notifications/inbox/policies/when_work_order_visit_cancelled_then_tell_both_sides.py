"""When a visit was called off, tell both sides."""

from __future__ import annotations

from services.notifications.inbox.sentences import Sentence
from services.notifications.inbox.telling import dispatchers, tell
from services.notifications.inbox.visits import when
from shared.following.handlers import Done, Retry
from shared.following.reader import Reader
from shared.messaging.envelope import Fact


def decide(fact: Fact, reader: Reader) -> Done | Retry:
    return tell(
        fact,
        reader,
        ("visit_cancelled", [fact.data["accepter"]]),
        (
            "visit_cancelled_staff",
            [fact.data["technician"]] if fact.data["technician"] else dispatchers(fact, reader),
        ),
        more=when(fact.data),
    )


SENTENCE = Sentence("workorders", "WorkOrderVisitCancelled", decide)
