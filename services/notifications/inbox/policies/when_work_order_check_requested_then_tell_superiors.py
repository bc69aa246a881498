"""When nobody answers about a repair, tell those above to check it, unless they did the work."""

from __future__ import annotations

from services.notifications.inbox.sentences import Sentence
from services.notifications.inbox.telling import superiors, tell
from shared.following.handlers import Done, Retry
from shared.following.reader import Reader
from shared.messaging.envelope import Fact


def decide(fact: Fact, reader: Reader) -> Done | Retry:
    checkers = [one for one in superiors(fact, reader) if one not in fact.data["repairers"]]
    return tell(fact, reader, ("order_check_requested", checkers))


SENTENCE = Sentence("workorders", "WorkOrderCheckRequested", decide)
