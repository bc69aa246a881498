"""When a work order was submitted, tell the dispatchers, and the resident it was taken down for."""

from __future__ import annotations

from services.notifications.inbox.sentences import Sentence
from services.notifications.inbox.telling import dispatchers, tell
from shared.following.handlers import Done, Retry
from shared.following.reader import Reader
from shared.messaging.envelope import Fact

_NEWS = {"follows_up": "order_follows_up"}


def decide(fact: Fact, reader: Reader) -> Done | Retry:
    residents = (fact.data["accepter"], fact.data["reporter"])
    origin = fact.data.get("origin")
    relation = origin["relation"] if origin else ""
    # who wrote the inquiry that it was made of hears of it there
    to_residents = fact.data["accepter_kind"] == "resident" and relation != "inquiry"
    return tell(
        fact,
        reader,
        (_NEWS.get(relation, "order_submitted"), dispatchers(fact, reader)),
        ("order_taken_down", residents if to_residents else ()),
        more={"origin_number": origin["number"]} if origin else None,
    )


SENTENCE = Sentence("workorders", "WorkOrderSubmitted", decide)
