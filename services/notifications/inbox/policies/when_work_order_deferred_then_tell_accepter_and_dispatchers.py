"""When an order was put off, tell its accepter, its technician and the dispatchers to when."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from services.notifications.inbox.sentences import Sentence
from services.notifications.inbox.telling import dispatchers, tell
from shared.following.handlers import Done, Retry
from shared.following.reader import Reader
from shared.messaging.envelope import Fact


def decide(fact: Fact, reader: Reader) -> Done | Retry:
    until = datetime.fromisoformat(fact.data["until"]).astimezone(ZoneInfo(fact.data["zone"]))
    return tell(
        fact,
        reader,
        ("order_deferred", [fact.data["accepter"]]),
        ("order_deferred_staff", [fact.data["technician"], *dispatchers(fact, reader)]),
        more={"when": f"{until:%Y-%m-%d}"},
    )


SENTENCE = Sentence("workorders", "WorkOrderDeferred", decide)
