"""When a part of an order has nothing left to be done, its order hears of it."""

from __future__ import annotations

from uuid import UUID, uuid5

from services.workorders.identity import THE_SERVICE
from services.workorders.orders.application import ORDER
from services.workorders.orders.domain.commands import FinishSubOrder
from services.workorders.orders.domain.vocabulary import State
from services.workorders.orders.views.order_board.projection import ORDER_BOARD
from shared.following.handlers import Do, Done, Policy, Retry
from shared.following.reader import Reader
from shared.messaging.envelope import Fact

NAME = "when_sub_order_ended_then_its_order_hears_of_it"
PAUSE_SECONDS = 0.05
ENDS: dict[str, State] = {"WorkOrderRepaired": "repaired", "WorkOrderDeclined": "declined"}


def decide(fact: Fact, reader: Reader) -> Done | Retry:
    if fact.data["accepter"] is not None:
        return Done()  # somebody accepts it, so it is no part
    if not reader.has_reached(ORDER_BOARD, fact.position):
        return Retry(PAUSE_SECONDS, "the view of orders is a moment behind")
    row = reader.row(ORDER_BOARD, fact.subject)
    if row is None or row.relation != "part_of":
        return Done()
    state = ENDS[fact.type]
    command = FinishSubOrder(
        by=THE_SERVICE,
        sub_order=fact.subject,
        sub_number=fact.data["number"],
        sub_state=state,
        sub_technician=fact.data["technician"] if state == "repaired" else None,
    )
    return Done(
        Do(
            decider=ORDER,
            stream=row.origin_id,
            command=command,
            command_id=str(uuid5(UUID(fact.id), NAME)),
        )
    )


POLICY = Policy(name=NAME, follows="workorders", handles=dict.fromkeys(ENDS, 1), decide=decide)
