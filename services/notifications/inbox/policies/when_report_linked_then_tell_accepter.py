"""When a report was linked to a known outage, tell the one it was made for."""

from __future__ import annotations

from services.notifications.inbox.sentences import Sentence
from services.notifications.inbox.telling import tell
from shared.following.handlers import Done, Retry
from shared.following.reader import Reader
from shared.messaging.envelope import Fact


def decide(fact: Fact, reader: Reader) -> Done | Retry:
    return tell(fact, reader, ("incident_known", [fact.data["accepter"]]), about=fact.data["order"])


SENTENCE = Sentence("workorders", "ReportLinked", decide)
