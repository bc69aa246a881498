"""When a work order was declined, tell who wanted it why, and the technician who had it."""

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
        ("order_declined", [fact.data["accepter"], fact.data["reporter"]]),
        ("order_declined_staff", [fact.data["technician"]]),
        more={"reason": fact.data["reason"]},
    )


SENTENCE = Sentence("workorders", "WorkOrderDeclined", decide)
