"""What was decided at the very moment somebody was forgotten, or an account closed, is undone."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from services.security import ids
from services.security.accounts.domain.accounts import ACCOUNT, OpenAccount
from services.security.accounts.domain.sessions import SESSION, OpenSession
from services.security.register.domain.tenancies import TENANCY, MoveIn
from shared.eventlog.decider import Context, Decider
from tests.unit.security.estate import Estate


def decided(estate: Estate, decider: Decider, stream: str, command: Any) -> None:
    """Carry out a command whose look at the register was a moment too early."""
    context = Context(
        actor="late", command_id=str(uuid4()), command_digest="", correlation_id="late"
    )
    estate.log.execute(decider, stream, command, context)


def test_a_tenancy_started_too_late_ends(estate: Estate) -> None:
    estate.community()
    person, building = estate.person(), estate.building()
    unit = estate.unit(building)
    estate.call("forget_person", person=person)
    estate.settle()
    stream = ids.tenancy_id("garden", person, unit)
    decided(
        estate,
        TENANCY,
        stream,
        MoveIn(
            tenancy=stream,
            person=person,
            standing="known",
            unit=unit,
            building=building,
            community="garden",
            kind="owner",
            since=None,
        ),
    )
    estate.settle()
    assert estate.log.history(stream)[-1].data.reason == "forgotten"


def test_an_account_opened_too_late_closes_and_its_sessions_end(estate: Estate) -> None:
    estate.community()
    person = estate.person()
    estate.call("forget_person", person=person)
    estate.settle()
    account, session = ids.account_id("late"), f"_.{uuid4()}"
    decided(
        estate,
        ACCOUNT,
        account,
        OpenAccount(account=account, person=person, standing="known", login="late", hash="$"),
    )
    decided(
        estate,
        SESSION,
        session,
        OpenSession(session=session, account=account, person=person, refresh_digest="x"),
    )
    estate.settle()
    assert estate.log.history(account)[-1].data.reason == "forgotten"
    late = f"_.{uuid4()}"
    decided(
        estate,
        SESSION,
        late,
        OpenSession(session=late, account=account, person=person, refresh_digest="x"),
    )
    estate.settle()
    for stream in (session, late):
        assert estate.log.history(stream)[-1].data.reason == "account_closed"
