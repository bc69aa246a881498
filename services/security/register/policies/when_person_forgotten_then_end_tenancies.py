"""Whoever is forgotten lives nowhere, also where they were moved in at that very moment."""

from __future__ import annotations

from services.security import ids
from services.security.register.domain.tenancies import TENANCY, MoveOut
from services.security.register.views.people import queries as people
from services.security.register.views.people.projection import VIEW as PEOPLE
from shared.following.handlers import Do, Done, Policy, Retry
from shared.following.reader import Reader
from shared.messaging.envelope import Fact


def decide(fact: Fact, reader: Reader) -> Done | Retry:
    if reader.position(PEOPLE) < fact.position:
        return Retry(0.05, "the view people is behind")
    row = people.person(reader, fact.data["person"])
    if row is None or not row.forgotten:
        return Done()
    return Done(
        *(
            Do(
                stream=home.tenancy,
                command=MoveOut(until=None, reason="forgotten"),
                decider=TENANCY,
                command_id=ids.caused(fact.id, home.tenancy),
            )
            for home in row.homes
        )
    )


POLICY = Policy(
    name="when_person_forgotten_then_end_tenancies",
    follows="security",
    handles={"PersonForgotten": 1, "TenancyStarted": 1},
    decide=decide,
)
