"""When an order takes another trade as well, tell whom it was made for, and who has it."""

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
        ("order_part_added", (data["accepter"], data["reporter"])),
        ("order_part_added_staff", (data["technician"],)),
        more={"category": data["sub_category"], "sub_number": data["sub_number"]},
    )


SENTENCE = Sentence("workorders", "WorkOrderSubOrderAdded", decide)
