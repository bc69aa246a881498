"""When a quote was accepted, tell the technician, or the dispatchers where there is none yet.

And the resident, where somebody took it down for them.
"""

from __future__ import annotations

from services.notifications.inbox.sentences import Sentence
from services.notifications.inbox.telling import dispatchers, objection, tell
from shared.following.handlers import Done, Retry
from shared.following.reader import Reader
from shared.messaging.envelope import Fact


def decide(fact: Fact, reader: Reader) -> Done | Retry:
    whom = [fact.data["technician"]] if fact.data["technician"] else dispatchers(fact, reader)
    taken = objection(fact)
    template = "order_quote_accepted_for_them" if taken else "order_quote_accepted"
    return tell(
        fact,
        reader,
        ("order_quote_accepted_for_you", [fact.data.get("said_by")]),
        (template, whom),
        more={"amount_fen": fact.data["total_fen"], **taken},
    )


SENTENCE = Sentence("workorders", "WorkOrderQuoteAccepted", decide)
