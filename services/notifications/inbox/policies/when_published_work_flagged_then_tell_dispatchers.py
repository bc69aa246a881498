"""When somebody first calls a published work unsuitable, tell those who can hide it."""

from __future__ import annotations

from services.notifications.inbox.sentences import Sentence
from services.notifications.inbox.telling import dispatchers, tell
from shared.following.handlers import Done, Retry
from shared.following.reader import Reader
from shared.messaging.envelope import Fact


def decide(fact: Fact, reader: Reader) -> Done | Retry:
    # until somebody has looked, more of it is no news
    if fact.data["count"] > 1:
        return Done()
    return tell(
        fact,
        reader,
        ("work_flagged", dispatchers(fact, reader)),
        more={"unsuitable": fact.data["reason"]},
        about=fact.data["order"],
    )


SENTENCE = Sentence("workorders", "PublishedWorkFlagged", decide)
