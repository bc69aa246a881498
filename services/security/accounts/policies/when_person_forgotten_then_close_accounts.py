"""Whoever is forgotten logs in no more, also where an account was opened at that very moment."""

from __future__ import annotations

from services.security import ids
from services.security.accounts.domain.accounts import ACCOUNT, CloseAccount
from services.security.accounts.views.accounts import queries as accounts
from services.security.accounts.views.accounts.projection import VIEW as ACCOUNTS
from services.security.register.views.people import queries as people
from services.security.register.views.people.projection import VIEW as PEOPLE
from shared.following.handlers import Do, Done, Policy, Retry
from shared.following.reader import Reader
from shared.messaging.envelope import Fact


def decide(fact: Fact, reader: Reader) -> Done | Retry:
    if min(reader.position(PEOPLE), reader.position(ACCOUNTS)) < fact.position:
        return Retry(0.05, "the views people and accounts are behind")
    row = people.person(reader, fact.data["person"])
    if row is None or not row.forgotten:
        return Done()
    return Done(
        *(
            Do(
                stream=account.key,
                command=CloseAccount(reason="forgotten"),
                decider=ACCOUNT,
                command_id=ids.caused(fact.id, account.key),
            )
            for account in accounts.of_person(reader, row.key)
            if not account.closed
        )
    )


POLICY = Policy(
    name="when_person_forgotten_then_close_accounts",
    follows="security",
    handles={"PersonForgotten": 1, "AccountOpened": 1},
    decide=decide,
)
