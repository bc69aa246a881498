"""When an order was submitted in the place and category of an open incident, it is linked to it.

So is one that comes back while it is open, by an appeal or because it was merged by mistake.
"""

from __future__ import annotations

from uuid import UUID, uuid5

from services.workorders.incidents.domain import INCIDENT, Link
from services.workorders.incidents.views.incidents.queries import open_at
from shared.following.handlers import Do, Done, Policy
from shared.following.reader import Reader
from shared.messaging.envelope import Fact

NAME = "when_order_submitted_then_link_it_to_its_incident"


def decide(fact: Fact, reader: Reader) -> Done:
    data = fact.data
    for row in open_at(reader, fact.community):
        if row.covers(data["kind"], data["category"], data["building"]):
            link = Link(
                order=fact.subject,
                number=data["number"],
                building=data["building"],
                accepter=data["accepter"],
            )
            return Done(
                Do(
                    decider=INCIDENT,
                    stream=row.key,
                    command=link,
                    command_id=str(uuid5(UUID(fact.id), NAME)),
                )
            )
    return Done()


POLICY = Policy(
    name=NAME,
    follows="workorders",
    handles={"WorkOrderSubmitted": 1, "WorkOrderAppealed": 1, "WorkOrderUnmerged": 1},
    decide=decide,
)
