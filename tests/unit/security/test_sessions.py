"""Sessions as callers meet them: refreshed, ended, revoked."""

from __future__ import annotations

from uuid import uuid4

import pytest

from services.security.accounts.domain.sessions import SessionOver, WrongRefreshToken
from shared.errors import Forbidden, NotFound, Refused, Unauthenticated
from shared.identity.caller import Caller
from tests.unit.security.estate import ADMIN, NOBODY, Estate

# Names of tests must be the same in every process that collects them.
ONE = "5b0c1f8e-3a77-4d52-9c1e-f04b6a2d9e13"


def test_a_refresh_token_works_once_and_its_reuse_ends_the_session(garden: Estate) -> None:
    garden.resident()
    first = garden.log_in("wangfang")
    second = garden.refresh(first["refresh_token"])
    third = garden.refresh(second["refresh_token"])
    with pytest.raises(WrongRefreshToken):
        garden.refresh(f"{first['session'][2:]}.made-up")
    garden.settle()
    garden.caller(third["access_token"])
    with pytest.raises(WrongRefreshToken):
        garden.refresh(first["refresh_token"])
    with pytest.raises(SessionOver):
        garden.refresh(third["refresh_token"])
    assert garden.log.history(first["session"])[-1].data.reason == "reused"
    garden.settle()
    with pytest.raises(Unauthenticated) as caught:
        garden.caller(third["access_token"])
    assert caught.value.reason == "revoked_token"


def test_a_refresh_that_names_what_follows_may_be_asked_for_again(garden: Estate) -> None:
    garden.resident()
    first = garden.log_in("wangfang")
    asked = {"refresh_token": first["refresh_token"], "following": "f" * 43}
    answers = [garden.call("refresh", NOBODY, **asked) for _ in range(2)]
    assert answers[0]["refresh_token"] == answers[1]["refresh_token"]
    assert answers[0]["version"] == answers[1]["version"]
    third = garden.refresh(answers[0]["refresh_token"])
    with pytest.raises(WrongRefreshToken):
        garden.call("refresh", NOBODY, **asked)
    with pytest.raises(SessionOver):
        garden.refresh(third["refresh_token"])


@pytest.mark.parametrize("token", ["x", ".", "a.b.c", f"{ONE}.secret", "漏水", "x" * 200])
def test_what_is_no_refresh_token_ends_nothing(garden: Estate, token: str) -> None:
    before = garden.log.head()
    with pytest.raises(WrongRefreshToken):
        garden.refresh(token)
    assert garden.log.head() == before


def test_a_session_ends_after_thirty_days_without_a_refresh(garden: Estate) -> None:
    garden.resident()
    answer = garden.log_in("wangfang")
    garden.wait(days=29)
    answer = garden.refresh(answer["refresh_token"])
    garden.wait(days=30)
    with pytest.raises(SessionOver):
        garden.refresh(answer["refresh_token"])


def test_logging_out_and_revoking(garden: Estate) -> None:
    person, _ = garden.resident()
    mine = Caller(person=person, session=garden.log_in("wangfang")["session"])
    other = garden.log_in("wangfang")["session"]
    third = garden.log_in("wangfang")["session"]
    assert garden.call("logout", mine)["state"] == "revoked"
    garden.call("revoke_session", mine, session=other)
    manager, _ = garden.staff("manager")
    for caller in (Caller(person="_.other"), manager):
        with pytest.raises(Forbidden):
            garden.call("revoke_session", caller, session=third)
    garden.call("revoke_session", ADMIN, session=third)
    with pytest.raises(Refused):
        garden.call("logout", ADMIN)
    with pytest.raises(NotFound):
        garden.call("revoke_session", ADMIN, session=f"_.{uuid4()}")
