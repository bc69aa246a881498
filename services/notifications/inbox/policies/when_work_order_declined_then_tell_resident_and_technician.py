"""When a work order was declined, tell who wanted it why, and the technician who had it."""

from __future__ import annotations

from services.notifications.inbox.telling import tell
from shared.following.handlers import Done, Policy, Retry
from shared.following.reader import Reader
from shared.messaging.envelope import Fact


def decide(fact: Fact, reader: Reader) -> Done | Retry:
    return tell(
        fact,
        reader,
        ("order_declined", [fact.data["accepter"], fact.data["reporter"]]),
        ("order_declined_staff", [fact.data["technician"]]),
        more={"reason": fact.data["reason"]},
    )


POLICY = Policy(
    name="when_work_order_declined_then_tell_resident_and_technician",
    follows="workorders",
    handles={"WorkOrderDeclined": 1},
    decide=decide,
)
