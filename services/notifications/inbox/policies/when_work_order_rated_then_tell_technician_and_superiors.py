"""When a repair was rated, tell the technician, and of 1 or 2 stars those above, too."""

from __future__ import annotations

from services.notifications.inbox.sentences import Sentence
from services.notifications.inbox.telling import superiors, tell
from shared.following.handlers import Done, Retry
from shared.following.reader import Reader
from shared.messaging.envelope import Fact

LOW = 2


def decide(fact: Fact, reader: Reader) -> Done | Retry:
    stars = fact.data["stars"]
    return tell(
        fact,
        reader,
        ("order_rated", [fact.data["technician"]]),
        ("order_rated_low", superiors(fact, reader) if stars <= LOW else ()),
        more={"stars": stars},
    )


SENTENCE = Sentence("workorders", "WorkOrderRated", decide)
