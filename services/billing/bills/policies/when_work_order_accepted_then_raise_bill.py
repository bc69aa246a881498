"""When a resident accepts chargeable work, bill it: never after a check by staff or a time-out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid5

from services.billing.bills.domain.bill import BILL, Raise
from services.billing.bills.views.bills.projection import BILLS
from services.billing.register.views.communities.queries import timezone
from shared.following.handlers import Do, Done, Policy
from shared.following.reader import Reader
from shared.messaging.envelope import Fact

NAME = "when_work_order_accepted_then_raise_bill"


def decide(fact: Fact, reader: Reader) -> Done:
    if not owed(fact):
        return Done()
    bill = bill_id(fact)
    if reader.row(BILLS, bill) is not None:
        return Done()  # a repeated look at old events burns no numbers
    data = fact.data
    return Done(
        Do(
            decider=BILL,
            stream=bill,
            command=Raise(
                id=bill,
                number=_number(fact, reader),
                order=fact.subject,
                order_number=data["number"],
                payer=data["accepter"],
                category=data["category"],
                building=data["building"],
                unit=data["unit"],
                amount_fen=data["charge_fen"],
                accepted_at=fact.occurred_at,
            ),
            command_id=str(uuid5(UUID(fact.id), NAME)),
        )
    )


def look_up_bills(facts: Sequence[Fact], reader: Reader) -> None:
    reader.look_up(BILLS, [bill_id(fact) for fact in facts if owed(fact)])


def owed(fact: Fact) -> bool:
    """Whether the resident the order was made for accepted it themselves, at a charge to them.

    Events older than quotes name no payer: all they charged was for the owner.
    """
    data = fact.data
    mine = data.get("payer", "owner") == "owner" and fact.actor == data["accepter"]
    return mine and data["charge_fen"] > 0 and not data["checked"]


def bill_id(fact: Fact) -> str:
    """One bill an acceptance: a reopened order is billed again for what was charged since."""
    order = UUID(fact.subject.partition(".")[2])
    return f"{fact.community}.{uuid5(order, fact.id)}"


def _number(fact: Fact, reader: Reader) -> str:
    moment: datetime = fact.time.astimezone(timezone(reader, fact.community))
    drawn = reader.counters.next(f"{fact.community}:B:{moment.year}")
    return f"B-{moment.year}-{drawn:06d}"


POLICY = Policy(
    name=NAME,
    follows="workorders",
    handles={"WorkOrderAccepted": 1},
    decide=decide,
    ahead=look_up_bills,
)
