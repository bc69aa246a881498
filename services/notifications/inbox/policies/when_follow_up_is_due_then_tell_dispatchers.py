"""When work is to be followed up, tell those who dispatch, unless it was their own."""

from __future__ import annotations

from services.notifications.inbox.sentences import Sentence
from services.notifications.inbox.telling import dispatchers, tell
from shared.following.handlers import Done, Retry
from shared.following.reader import Reader
from shared.messaging.envelope import Fact


def decide(fact: Fact, reader: Reader) -> Done | Retry:
    data = fact.data
    others = [one for one in dispatchers(fact, reader) if one != data["technician"]]
    return tell(fact, reader, (f"follow_up_{data['reason']}", others), about=data["order"])


SENTENCE = Sentence("workorders", "FollowUpDue", decide)
