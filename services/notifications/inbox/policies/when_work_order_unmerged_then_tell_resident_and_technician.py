"""When a merge was taken back, tell whom the order was made for, and who has it again."""

from __future__ import annotations

from services.notifications.inbox.sentences import Sentence
from services.notifications.inbox.telling import dispatchers, tell
from shared.following.handlers import Done, Retry
from shared.following.reader import Reader
from shared.messaging.envelope import Fact


def decide(fact: Fact, reader: Reader) -> Done | Retry:
    data = fact.data
    waits = data["technician"] is None
    visit = "_without_visit" if data.get("visit_lost") else ""
    return tell(
        fact,
        reader,
        (f"order_unmerged{visit}", (data["accepter"], data["reporter"])),
        (f"order_unmerged_staff{visit}", (data["technician"],)),
        ("order_submitted", dispatchers(fact, reader) if waits else ()),
        more={"into_number": data["into_number"]},
    )


SENTENCE = Sentence("workorders", "WorkOrderUnmerged", decide)
