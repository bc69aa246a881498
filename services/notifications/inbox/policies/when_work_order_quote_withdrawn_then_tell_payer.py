"""When a quote was withdrawn, tell who was to pay it."""

from __future__ import annotations

from services.notifications.inbox.sentences import Sentence
from services.notifications.inbox.telling import payers, tell
from shared.following.handlers import Done, Retry
from shared.following.reader import Reader
from shared.messaging.envelope import Fact


def decide(fact: Fact, reader: Reader) -> Done | Retry:
    return tell(
        fact,
        reader,
        *payers("order_quote_withdrawn", "order_quote_withdrawn_staff", fact, reader),
        more={"amount_fen": fact.data["total_fen"]},
    )


SENTENCE = Sentence("workorders", "WorkOrderQuoteWithdrawn", decide)
