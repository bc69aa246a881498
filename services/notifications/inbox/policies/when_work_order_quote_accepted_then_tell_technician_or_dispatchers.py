"""When a quote was accepted, tell the technician, or the dispatchers where there is none yet."""

from __future__ import annotations

from services.notifications.inbox.sentences import Sentence
from services.notifications.inbox.telling import dispatchers, tell
from shared.following.handlers import Done, Retry
from shared.following.reader import Reader
from shared.messaging.envelope import Fact


def decide(fact: Fact, reader: Reader) -> Done | Retry:
    whom = [fact.data["technician"]] if fact.data["technician"] else dispatchers(fact, reader)
    return tell(
        fact, reader, ("order_quote_accepted", whom), more={"amount_fen": fact.data["total_fen"]}
    )


SENTENCE = Sentence("workorders", "WorkOrderQuoteAccepted", decide)
