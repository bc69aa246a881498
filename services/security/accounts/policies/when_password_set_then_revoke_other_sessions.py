"""A new password throws out whoever got in with the old one; who set it stays."""

from __future__ import annotations

from services.security import ids
from services.security.accounts.domain.sessions import SESSION, RevokeSession
from services.security.accounts.views.sessions import queries as sessions
from services.security.accounts.views.sessions.projection import VIEW as SESSIONS
from shared.following.handlers import Do, Done, Policy, Retry
from shared.following.reader import Reader
from shared.messaging.envelope import Fact


def decide(fact: Fact, reader: Reader) -> Done | Retry:
    if reader.position(SESSIONS) < fact.position:
        return Retry(0.05, "the view sessions is behind")
    return Done(
        *(
            Do(
                stream=session,
                command=RevokeSession(reason="password_set"),
                decider=SESSION,
                command_id=ids.caused(fact.id, session),
            )
            for session in sessions.of_account(reader, fact.data["account"], before=fact.position)
            if session != fact.data["session"]
        )
    )


POLICY = Policy(
    name="when_password_set_then_revoke_other_sessions",
    follows="security",
    handles={"PasswordSet": 1},
    decide=decide,
)
