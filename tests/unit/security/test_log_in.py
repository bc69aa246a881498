"""Log-in as callers meet it: what a token says, who has to wait, and names that are taken."""

from __future__ import annotations

import pytest

from services.security.accounts.domain.accounts import Closed, LoginTaken
from services.security.accounts.domain.sessions import SessionOver
from shared.errors import Busy, Unauthenticated
from shared.identity.caller import Post
from tests.unit.security.estate import PASSWORD, Estate


def test_a_log_in_gives_tokens_that_say_who_and_what(garden: Estate) -> None:
    person, account = garden.resident()
    answer = garden.log_in("WangFang")
    assert answer["person"] == person
    assert answer["expires_in"] == 600
    garden.settle()
    caller = garden.caller(answer["access_token"])
    assert caller.person == person
    assert caller.posts == (Post("resident", "garden"),)
    assert caller.session == answer["session"] == answer["id"]
    assert caller.language == "zh-CN"
    assert caller.positions == {"security": answer["position"] + 1}  # the first key came behind it
    opened = garden.log.history(answer["session"])[0]
    assert opened.meta.actor == person
    assert answer["refresh_token"] not in str(opened)
    assert account in str(opened)
    assert garden.call("me", caller)["session"] == answer["session"]


def test_a_token_lasts_ten_minutes(garden: Estate) -> None:
    garden.resident()
    answer = garden.log_in("wangfang")
    garden.settle()
    garden.wait(minutes=9, seconds=59)
    garden.caller(answer["access_token"])
    garden.wait(seconds=1)
    with pytest.raises(Unauthenticated) as caught:
        garden.caller(answer["access_token"])
    assert caught.value.reason == "expired_token"
    refreshed = garden.refresh(answer["refresh_token"])
    assert garden.caller(refreshed["access_token"]).session == answer["session"]


def test_unknown_names_and_wrong_passwords_are_answered_alike(garden: Estate) -> None:
    garden.resident()
    answers = []
    for login, password in (("wangfang", "wrong"), ("nobody", PASSWORD), ("\u0131x", PASSWORD)):
        with pytest.raises(Unauthenticated) as caught:
            garden.log_in(login, password)
        assert caught.value.reason == "wrong_credentials"
        answers.append(str(caught.value))
    assert len(set(answers)) == 1


@pytest.mark.parametrize("login", ["wangfang", "nobody"])
def test_the_sixth_try_has_to_wait(garden: Estate, login: str) -> None:
    garden.resident()
    for _ in range(5):
        with pytest.raises(Unauthenticated):
            garden.log_in(login, "wrong")
        garden.wait(minutes=1)
    with pytest.raises(Busy) as caught:
        garden.log_in(login.upper())
    assert caught.value.retry_after == 600
    garden.wait(minutes=10)
    if login == "wangfang":
        garden.log_in(login)
        with pytest.raises(Unauthenticated):
            garden.log_in(login, "wrong")
        garden.log_in(login)


def test_passwords_are_the_same_from_every_keyboard(garden: Estate) -> None:
    person = garden.person()
    garden.call("open_account", person=person, login="wide", password="ｐａｓｓ１２３４")
    assert garden.log_in("wide", "pass1234")["person"] == person


def test_log_in_names_are_taken_once(garden: Estate) -> None:
    garden.resident()
    for login in ("wangfang", "WANGFANG", "ｗａｎｇｆａｎｇ"):
        with pytest.raises(LoginTaken):
            garden.account(garden.person(), login)


def test_the_forgotten_are_locked_out(garden: Estate) -> None:
    person, account = garden.resident()
    answer = garden.log_in("wangfang")
    garden.settle()
    garden.call("forget_person", person=person)
    with pytest.raises(Unauthenticated):
        garden.log_in("wangfang")
    with pytest.raises(SessionOver):
        garden.refresh(answer["refresh_token"])
    garden.settle()
    with pytest.raises(Unauthenticated) as caught:
        garden.caller(answer["access_token"])
    assert caught.value.reason == "revoked_token"
    with pytest.raises(Closed):
        garden.post(account, "resident")
    with pytest.raises(LoginTaken):
        garden.account(garden.person(), "wangfang")
