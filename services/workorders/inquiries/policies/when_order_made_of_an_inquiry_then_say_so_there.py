"""When an order was made of an inquiry, the inquiry tells of it, whatever became of the caller."""

from __future__ import annotations

from uuid import UUID, uuid5

from services.workorders.inquiries.domain.inquiry import INQUIRY, Convert
from shared.following.handlers import Do, Done, Policy
from shared.following.reader import Reader
from shared.messaging.envelope import Fact

NAME = "when_order_made_of_an_inquiry_then_say_so_there"


def decide(fact: Fact, reader: Reader) -> Done:
    origin = fact.data.get("origin")
    if origin is None or origin["relation"] != "inquiry":
        return Done()
    command = Convert(
        by=None,
        order=fact.subject,
        order_number=fact.data["number"],
        order_kind=fact.data["kind"],
        order_category=fact.data["category"],
    )
    return Done(
        Do(
            decider=INQUIRY,
            stream=origin["id"],
            command=command,
            command_id=str(uuid5(UUID(fact.id), NAME)),
        )
    )


POLICY = Policy(name=NAME, follows="workorders", handles={"WorkOrderSubmitted": 1}, decide=decide)
