"""A closed account has no sessions, also where one was opened at that very moment."""

from __future__ import annotations

from services.security import ids
from services.security.accounts.domain.sessions import SESSION, RevokeSession
from services.security.accounts.views.accounts import queries as accounts
from services.security.accounts.views.accounts.projection import VIEW as ACCOUNTS
from services.security.accounts.views.sessions import queries as sessions
from services.security.accounts.views.sessions.projection import VIEW as SESSIONS
from shared.following.handlers import Do, Done, Policy, Retry
from shared.following.reader import Reader
from shared.messaging.envelope import Fact


def decide(fact: Fact, reader: Reader) -> Done | Retry:
    if min(reader.position(ACCOUNTS), reader.position(SESSIONS)) < fact.position:
        return Retry(0.05, "the views accounts and sessions are behind")
    account = accounts.account(reader, fact.data["account"])
    if account is None or not account.closed:
        return Done()
    return Done(
        *(
            Do(
                stream=session,
                command=RevokeSession(reason="account_closed"),
                decider=SESSION,
                command_id=ids.caused(fact.id, session),
            )
            for session in sessions.of_account(reader, account.key)
        )
    )


POLICY = Policy(
    name="when_account_closed_then_revoke_sessions",
    follows="security",
    handles={"AccountClosed": 1, "SessionOpened": 1},
    decide=decide,
)
