"""When a work order was merged into another, tell whom it was made for, and who had it."""

from __future__ import annotations

from services.notifications.inbox.sentences import Sentence
from services.notifications.inbox.telling import tell
from shared.following.handlers import Done, Retry
from shared.following.reader import Reader
from shared.messaging.envelope import Fact


def decide(fact: Fact, reader: Reader) -> Done | Retry:
    data = fact.data
    return tell(
        fact,
        reader,
        ("order_merged", (data["accepter"], data["reporter"])),
        ("order_merged_staff", (data["technician"],)),
        more={"into_number": data["into_number"]},
    )


SENTENCE = Sentence("workorders", "WorkOrderMerged", decide)
