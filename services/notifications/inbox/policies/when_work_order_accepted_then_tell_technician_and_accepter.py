"""When a repair was accepted, tell the technician; after a check by staff, the accepter, too."""

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
        ("order_accepted", [data["technician"]]),
        ("order_checked", [data["accepter"]] if data["checked"] else ()),
    )


SENTENCE = Sentence("workorders", "WorkOrderAccepted", decide)
