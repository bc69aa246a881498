"""When an order uses up its time, tell those whom the ladder names."""

from __future__ import annotations

from services.notifications.inbox.sentences import Sentence
from services.notifications.inbox.telling import tell
from services.notifications.register.views.posts.queries import holders
from shared.following.handlers import Done, Retry
from shared.following.reader import Reader
from shared.messaging.envelope import Fact

ALL_OF_IT = 100


def decide(fact: Fact, reader: Reader) -> Done | Retry:
    data = fact.data
    whom = list(data["whom"])
    # at the foot of the ladder the technician and the dispatchers, above it whoever stands there
    if data["up"] == 0 or not whom:
        whom += holders(reader, (data["role"],), fact.community, data["building"])
    template = "order_overdue" if data["percent"] >= ALL_OF_IT else "order_at_risk"
    more = {"target": data["target"], "percent": data["percent"]}
    return tell(fact, reader, (template, whom), more=more, about=data["order"])


SENTENCE = Sentence("workorders", "WorkOrderEscalated", decide)
