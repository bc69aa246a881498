"""When a person was forgotten, every service destroys its own key for that person."""

from __future__ import annotations

from shared.following.handlers import Done, ForgetPerson, Policy
from shared.following.reader import Reader
from shared.messaging.envelope import Fact


def when_person_forgotten_then_destroy_key(log: str) -> Policy:
    """The policy for a service that follows ``log``, where people are registered and forgotten."""

    def decide(fact: Fact, reader: Reader) -> Done:
        return Done(ForgetPerson(fact.data["person"]))

    return Policy(
        name="when_person_forgotten_then_destroy_key",
        follows=log,
        handles={"PersonForgotten": 1},
        decide=decide,
    )
