"""When a quote has lapsed, tell who was to pay it, the technician and the dispatchers."""

from __future__ import annotations

from services.notifications.inbox.sentences import Sentence
from services.notifications.inbox.telling import dispatchers, payers, tell
from shared.following.handlers import Done, Retry
from shared.following.reader import Reader
from shared.messaging.envelope import Fact


def decide(fact: Fact, reader: Reader) -> Done | Retry:
    return tell(
        fact,
        reader,
        *payers("order_quote_lapsed", "order_quote_lapsed_staff", fact, reader),
        ("order_quote_lapsed_staff", [fact.data["technician"], *dispatchers(fact, reader)]),
        more={"amount_fen": fact.data["total_fen"]},
    )


SENTENCE = Sentence("workorders", "WorkOrderQuoteLapsed", decide)
