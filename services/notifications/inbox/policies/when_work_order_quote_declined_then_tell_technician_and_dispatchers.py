"""When a quote was declined, tell the technician and the dispatchers.

And the resident, where somebody took it down for them.
"""

from __future__ import annotations

from services.notifications.inbox.sentences import Sentence
from services.notifications.inbox.telling import dispatchers, objection, tell
from shared.following.handlers import Done, Retry
from shared.following.reader import Reader
from shared.messaging.envelope import Fact


def decide(fact: Fact, reader: Reader) -> Done | Retry:
    whom = [fact.data["technician"], *dispatchers(fact, reader)]
    return tell(
        fact,
        reader,
        ("order_quote_declined_for_you", [fact.data.get("said_by")]),
        ("order_quote_declined", whom),
        more={"amount_fen": fact.data["total_fen"], **objection(fact)},
    )


SENTENCE = Sentence("workorders", "WorkOrderQuoteDeclined", decide)
