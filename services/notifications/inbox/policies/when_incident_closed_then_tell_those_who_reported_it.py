"""When an outage is over, tell those whose reports were linked to it, each of their own."""

from __future__ import annotations

from services.notifications.inbox.sentences import Sentence
from services.notifications.inbox.telling import post
from shared.following.handlers import Done, Retry
from shared.following.reader import Reader
from shared.messaging.envelope import Fact


def decide(fact: Fact, reader: Reader) -> Done | Retry:
    told = []
    for report in fact.data["reports"]:
        outcome = post(
            fact,
            reader,
            [("incident_over", [report["accepter"]])],
            params={
                "number": report["number"],
                "kind": fact.data["kind"],
                "category": fact.data["category"],
            },
            about=report["order"],
        )
        if isinstance(outcome, Retry):
            return outcome
        told += outcome.effects
    return Done(*told)


SENTENCE = Sentence("workorders", "IncidentClosed", decide)
