"""When an order moves on, that is said to those who follow it."""

from __future__ import annotations

from uuid import UUID, uuid5

from services.workorders.followers.domain import FOLLOWERS, Move, Progress, followers_id
from shared.following.handlers import Do, Done, Policy
from shared.following.reader import Reader
from shared.messaging.envelope import Fact

NAME = "when_order_moves_then_say_so_to_its_followers"
PROGRESS: dict[str, Progress] = {
    "WorkOrderDispatched": "dispatched",
    "WorkOrderStarted": "started",
    "WorkOrderRepaired": "repaired",
    "WorkOrderAccepted": "accepted",
    "WorkOrderDeclined": "declined",
    "WorkOrderCancelled": "cancelled",
    "WorkOrderReopened": "reopened",
}


def decide(fact: Fact, reader: Reader) -> Done:
    data = fact.data
    move = Move(
        order=fact.subject,
        number=data["number"],
        kind=data["kind"],
        category=data["category"],
        building=data["building"],
        progress=PROGRESS[fact.type],
    )
    return Done(
        Do(
            decider=FOLLOWERS,
            stream=followers_id(fact.subject),
            command=move,
            command_id=str(uuid5(UUID(fact.id), NAME)),
        )
    )


POLICY = Policy(name=NAME, follows="workorders", handles=dict.fromkeys(PROGRESS, 1), decide=decide)
