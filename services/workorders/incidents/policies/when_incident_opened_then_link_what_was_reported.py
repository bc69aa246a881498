"""When an incident was opened, the unfinished orders of its place and category are linked to it."""

from __future__ import annotations

from uuid import UUID, uuid5

from services.workorders.dispatching.views.assignments.queries import unfinished
from services.workorders.incidents.domain import INCIDENT, Link
from shared.following.handlers import Do, Done, Policy
from shared.following.reader import Reader
from shared.messaging.envelope import Fact

NAME = "when_incident_opened_then_link_what_was_reported"


def decide(fact: Fact, reader: Reader) -> Done:
    data = fact.data
    return Done(
        *(
            Do(
                decider=INCIDENT,
                stream=fact.subject,
                command=Link(
                    order=row.key,
                    number=row.number,
                    building=row.building,
                    accepter=row.accepter,
                ),
                command_id=str(uuid5(UUID(fact.id), row.key)),
            )
            for row in unfinished(reader, fact.community)
            if (row.kind, row.category) == (data["kind"], data["category"])
            and row.building in data["affected"]
        )
    )


POLICY = Policy(name=NAME, follows="workorders", handles={"IncidentOpened": 1}, decide=decide)
