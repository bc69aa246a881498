"""When a bill was raised, tell the person who has to pay it."""

from __future__ import annotations

from services.notifications.inbox.sentences import Sentence
from services.notifications.inbox.telling import post
from shared.following.handlers import Done, Retry
from shared.following.reader import Reader
from shared.messaging.envelope import Fact


def decide(fact: Fact, reader: Reader) -> Done | Retry:
    data = fact.data
    return post(
        fact,
        reader,
        [("bill_raised", [data["payer"]])],
        params={
            "number": data["number"],
            "order_number": data["order_number"],
            "category": data["category"],
            "amount_fen": data["amount_fen"],
        },
    )


SENTENCE = Sentence("billing", "BillRaised", decide)
