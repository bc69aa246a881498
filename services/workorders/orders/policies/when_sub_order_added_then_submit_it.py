"""When a part was added to an order, it is submitted, whatever became of the caller."""

from __future__ import annotations

from uuid import UUID, uuid5

from services.workorders.identity import THE_SERVICE
from services.workorders.orders.application import ORDER
from services.workorders.orders.linking import sub_order_of
from shared.following.handlers import Do, Done, Policy
from shared.following.reader import Reader
from shared.messaging.envelope import Fact

NAME = "when_sub_order_added_then_submit_it"


def decide(fact: Fact, reader: Reader) -> Done:
    """Refused where it is there already."""
    return Done(
        Do(
            decider=ORDER,
            stream=fact.data["sub_order"],
            command=sub_order_of(fact.subject, fact.data, by=THE_SERVICE, author=fact.actor),
            command_id=str(uuid5(UUID(fact.id), NAME)),
        )
    )


POLICY = Policy(
    name=NAME, follows="workorders", handles={"WorkOrderSubOrderAdded": 1}, decide=decide
)
