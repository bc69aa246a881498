"""When an order ended, the parts of it that were done are accepted with it, as checked: no resident
is asked about them.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID, uuid5

from services.workorders.identity import THE_SERVICE
from services.workorders.orders.application import ORDER
from services.workorders.orders.domain.commands import Accept
from services.workorders.orders.views.order_board.projection import ORDER_BOARD
from shared.following.handlers import Do, Done, Policy, Retry
from shared.following.reader import Reader
from shared.messaging.envelope import Fact

NAME = "when_order_ended_then_its_sub_orders_are_settled"
PAUSE_SECONDS = 0.05
ENDS = ("WorkOrderAccepted", "WorkOrderDeclined", "WorkOrderCancelled", "WorkOrderMerged")


def decide(fact: Fact, reader: Reader) -> Done | Retry:
    if not reader.has_reached(ORDER_BOARD, fact.position):
        return Retry(PAUSE_SECONDS, "the view of orders is a moment behind")
    rows = reader.rows_of(ORDER_BOARD, "origin_id", [fact.subject])
    return Done(
        *(
            Do(
                decider=ORDER,
                stream=row.key,
                command=Accept(by=THE_SERVICE),
                command_id=str(uuid5(UUID(fact.id), row.key)),
            )
            for row in rows
            if row.relation == "part_of" and row.state == "repaired"
        )
    )


def ahead(facts: Sequence[Fact], reader: Reader) -> None:
    if reader.has_reached(ORDER_BOARD, facts[-1].position):
        reader.rows_of(ORDER_BOARD, "origin_id", [fact.subject for fact in facts])


POLICY = Policy(
    name=NAME,
    follows="workorders",
    handles=dict.fromkeys(ENDS, 1),
    decide=decide,
    ahead=ahead,
)
