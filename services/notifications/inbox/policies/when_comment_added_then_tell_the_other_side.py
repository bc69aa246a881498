"""When somebody commented on an order, tell the other side; what is said among staff, staff."""

from __future__ import annotations

from services.notifications.inbox.sentences import Sentence
from services.notifications.inbox.telling import dispatchers, tell
from shared.following.handlers import Done, Retry
from shared.following.reader import Reader
from shared.messaging.envelope import Fact


def decide(fact: Fact, reader: Reader) -> Done | Retry:
    data = fact.data
    order = data["order"]
    if data["internal"]:
        staff = [data["technician"], *dispatchers(fact, reader)]
        return tell(fact, reader, ("comment_among_staff", staff), about=order)
    if data["side"] == "staff":
        told = ("comment_by_staff", [data["reporter"], data["accepter"]])
        return tell(fact, reader, told, about=order)
    # whoever has the order answers; without one, those who dispatch
    technician = data["technician"]
    others = [technician] if technician is not None else dispatchers(fact, reader)
    return tell(
        fact,
        reader,
        ("comment_by_resident", others),
        # the other of reporter and accepter hears it, too
        ("comment_on_yours", [data["reporter"], data["accepter"]]),
        about=order,
    )


SENTENCE = Sentence("workorders", "CommentAdded", decide)
