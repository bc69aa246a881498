"""Accounts as callers meet them: posts, passwords, log-in, sessions and tokens."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from services.security.accounts.domain.accounts import (
    AlreadyGranted,
    Closed,
    LoginTaken,
    TooManyPosts,
    WrongPassword,
)
from services.security.accounts.domain.sessions import SessionOver, WrongRefreshToken
from shared.errors import Busy, Conflict, Forbidden, Invalid, NotFound, Refused, Unauthenticated
from shared.identity.caller import Caller, Post
from tests.unit.security.estate import ADMIN, PASSWORD, Estate

# Names of tests must be the same in every process that collects them.
ONE = "5b0c1f8e-3a77-4d52-9c1e-f04b6a2d9e13"
NEW_PASSWORD = "另一个 new password"


def log_in(estate: Estate, login: str, password: str = PASSWORD) -> dict[str, Any]:
    return estate.call("login", Caller(person="anonymous"), login=login, password=password)


def refresh(estate: Estate, token: str) -> dict[str, Any]:
    return estate.call("refresh", Caller(person="anonymous"), refresh_token=token)


def resident(estate: Estate, login: str = "wangfang") -> tuple[str, str]:
    person = estate.person()
    account = estate.account(person, login)
    estate.post(account, "resident")
    return person, account


@pytest.fixture
def garden(estate: Estate) -> Estate:
    estate.community()
    return estate


def test_a_log_in_gives_tokens_that_say_who_and_what(garden: Estate) -> None:
    person, account = resident(garden)
    answer = log_in(garden, "WangFang")
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
    resident(garden)
    answer = log_in(garden, "wangfang")
    garden.settle()
    garden.wait(minutes=9, seconds=59)
    garden.caller(answer["access_token"])
    garden.wait(seconds=1)
    with pytest.raises(Unauthenticated) as caught:
        garden.caller(answer["access_token"])
    assert caught.value.reason == "expired_token"
    refreshed = refresh(garden, answer["refresh_token"])
    assert garden.caller(refreshed["access_token"]).session == answer["session"]


def test_unknown_names_and_wrong_passwords_are_answered_alike(garden: Estate) -> None:
    resident(garden)
    answers = []
    for login, password in (("wangfang", "wrong"), ("nobody", PASSWORD), ("\u0131x", PASSWORD)):
        with pytest.raises(Unauthenticated) as caught:
            log_in(garden, login, password)
        assert caught.value.reason == "wrong_credentials"
        answers.append(str(caught.value))
    assert len(set(answers)) == 1


@pytest.mark.parametrize("login", ["wangfang", "nobody"])
def test_the_sixth_try_has_to_wait(garden: Estate, login: str) -> None:
    resident(garden)
    for _ in range(5):
        with pytest.raises(Unauthenticated):
            log_in(garden, login, "wrong")
        garden.wait(minutes=1)
    with pytest.raises(Busy) as caught:
        log_in(garden, login.upper())
    assert caught.value.retry_after == 600
    garden.wait(minutes=10)
    if login == "wangfang":
        log_in(garden, login)
        with pytest.raises(Unauthenticated):
            log_in(garden, login, "wrong")
        log_in(garden, login)


def test_passwords_are_the_same_from_every_keyboard(garden: Estate) -> None:
    person = garden.person()
    garden.call("open_account", person=person, login="wide", password="ｐａｓｓ１２３４")
    assert log_in(garden, "wide", "pass1234")["person"] == person


def test_a_refresh_token_works_once_and_its_reuse_ends_the_session(garden: Estate) -> None:
    resident(garden)
    first = log_in(garden, "wangfang")
    second = refresh(garden, first["refresh_token"])
    third = refresh(garden, second["refresh_token"])
    with pytest.raises(WrongRefreshToken):
        refresh(garden, f"{first['session'][2:]}.made-up")
    garden.settle()
    garden.caller(third["access_token"])
    with pytest.raises(WrongRefreshToken):
        refresh(garden, first["refresh_token"])
    with pytest.raises(SessionOver):
        refresh(garden, third["refresh_token"])
    assert garden.log.history(first["session"])[-1].data.reason == "reused"
    garden.settle()
    with pytest.raises(Unauthenticated) as caught:
        garden.caller(third["access_token"])
    assert caught.value.reason == "revoked_token"


def test_a_refresh_that_names_what_follows_may_be_asked_for_again(garden: Estate) -> None:
    resident(garden)
    first = log_in(garden, "wangfang")
    asked = {"refresh_token": first["refresh_token"], "following": "f" * 43}
    answers = [garden.call("refresh", Caller(person="anonymous"), **asked) for _ in range(2)]
    assert answers[0]["refresh_token"] == answers[1]["refresh_token"]
    assert answers[0]["version"] == answers[1]["version"]
    third = refresh(garden, answers[0]["refresh_token"])
    with pytest.raises(WrongRefreshToken):
        garden.call("refresh", Caller(person="anonymous"), **asked)
    with pytest.raises(SessionOver):
        refresh(garden, third["refresh_token"])


@pytest.mark.parametrize("token", ["x", ".", "a.b.c", f"{ONE}.secret", "漏水", "x" * 200])
def test_what_is_no_refresh_token_ends_nothing(garden: Estate, token: str) -> None:
    before = garden.log.head()
    with pytest.raises(WrongRefreshToken):
        refresh(garden, token)
    assert garden.log.head() == before


def test_a_session_ends_after_thirty_days_without_a_refresh(garden: Estate) -> None:
    resident(garden)
    answer = log_in(garden, "wangfang")
    garden.wait(days=29)
    answer = refresh(garden, answer["refresh_token"])
    garden.wait(days=30)
    with pytest.raises(SessionOver):
        refresh(garden, answer["refresh_token"])


def test_logging_out_and_revoking(garden: Estate) -> None:
    person, _ = resident(garden)
    mine = Caller(person=person, session=log_in(garden, "wangfang")["session"])
    other = log_in(garden, "wangfang")["session"]
    third = log_in(garden, "wangfang")["session"]
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


def test_a_new_password_ends_the_other_sessions(garden: Estate) -> None:
    person, account = resident(garden)
    here, there = log_in(garden, "wangfang"), log_in(garden, "wangfang")
    garden.settle()
    caller = garden.caller(here["access_token"])
    with pytest.raises(WrongPassword):
        garden.call("set_password", caller, password=NEW_PASSWORD, old_password="wrong")
    with pytest.raises(WrongPassword):
        garden.call("set_password", caller, password=NEW_PASSWORD)
    garden.wait(seconds=1)
    same = {"password": NEW_PASSWORD, "old_password": PASSWORD, "command_id": str(uuid4())}
    first = garden.call("set_password", caller, **same)
    assert garden.call("set_password", caller, **same) == first
    garden.settle()
    refresh(garden, here["refresh_token"])
    with pytest.raises(SessionOver):
        refresh(garden, there["refresh_token"])
    with pytest.raises(Unauthenticated):
        log_in(garden, "wangfang")
    assert log_in(garden, "wangfang", NEW_PASSWORD)["person"] == person
    garden.call("set_password", ADMIN, account=account, password=PASSWORD)
    log_in(garden, "wangfang")


def test_no_digest_of_a_password_is_kept(garden: Estate) -> None:
    """A command's digest is a fast hash: it must not depend on the password."""
    person = garden.person()
    command_id = str(uuid4())
    opened = {"person": person, "login": "lilei", "command_id": command_id}
    first = garden.call("open_account", password="password one", **opened)
    assert garden.call("open_account", password="password two", **opened) == first
    log_in(garden, "lilei", "password one")
    with pytest.raises(Conflict):
        garden.call("open_account", password="password one", **{**opened, "login": "LiLei"})


def test_log_in_names_are_taken_once(garden: Estate) -> None:
    resident(garden)
    for login in ("wangfang", "WANGFANG", "ｗａｎｇｆａｎｇ"):
        with pytest.raises(LoginTaken):
            garden.account(garden.person(), login)


def test_managers_give_what_stands_below_them_in_their_community(garden: Estate) -> None:
    garden.community("river")
    manager, own = garden.staff("manager")
    account = garden.account(garden.person("_"), "worker")
    post = garden.call("grant", manager, account=account, role="technician", community="garden")
    cases: tuple[tuple[str, str], ...] = (
        ("manager", "garden"),
        ("admin", "garden"),
        ("auditor", "garden"),
        ("service", "garden"),
        ("technician", "river"),
        ("technician", "*"),
    )
    for role, community in cases:
        with pytest.raises(Forbidden):
            garden.call("grant", manager, account=account, role=role, community=community)
    with pytest.raises(Forbidden):
        garden.call("withdraw_grant", manager, account=own, post=garden.post(own, "auditor"))
    garden.call("withdraw_grant", manager, account=account, post=post["post"])
    with pytest.raises(NotFound):
        garden.call("withdraw_grant", manager, account=account, post=post["post"])


def test_accounts_are_opened_by_who_manages_the_person(garden: Estate) -> None:
    garden.community("river")
    manager, _ = garden.staff("manager")
    here, there, staff = garden.person(), garden.person("river"), garden.person("_")
    for who, person in ((manager, there), (manager, staff), (Caller(person=here), here)):
        with pytest.raises(Forbidden):
            garden.call("open_account", who, person=person, login="new", password=PASSWORD)
    garden.call("open_account", manager, person=here, login="new", password=PASSWORD)
    elsewhere, _ = garden.staff("manager", "river")
    account = garden.account(garden.person(), "bare")
    with pytest.raises(Forbidden):
        garden.call("set_password", elsewhere, account=account, password=NEW_PASSWORD)


def test_the_old_password_is_not_guessed_either(garden: Estate) -> None:
    person, _ = resident(garden)
    caller = Caller(person=person, session=log_in(garden, "wangfang")["session"])

    def change(old_password: str) -> None:
        garden.call("set_password", caller, password=PASSWORD, old_password=old_password)

    for _ in range(2):
        for _ in range(4):
            with pytest.raises(WrongPassword):
                change("wrong")
        change(PASSWORD)
    for _ in range(5):
        with pytest.raises(WrongPassword):
            change("wrong")
    with pytest.raises(Busy):
        change(PASSWORD)
    with pytest.raises(Busy):
        log_in(garden, "wangfang")


def test_managers_reset_no_password_of_their_betters(garden: Estate) -> None:
    manager, _ = garden.staff("manager")
    _, worker = resident(garden)
    _, admin = garden.staff("admin", "*")
    garden.call("set_password", manager, account=worker, password=NEW_PASSWORD)
    garden.post(worker, "auditor")
    for account in (worker, admin):
        with pytest.raises(Forbidden):
            garden.call("set_password", manager, account=account, password=NEW_PASSWORD)
    with pytest.raises(Forbidden):
        garden.call("set_password", Caller(person="_.x"), account=worker, password=NEW_PASSWORD)
    with pytest.raises(Invalid):
        garden.call("set_password", ADMIN, password=NEW_PASSWORD)


def test_posts_name_places_and_people_that_exist(garden: Estate) -> None:
    garden.community("river")
    building, other = garden.building(), garden.building("river")
    person, account = resident(garden)
    chief = garden.person("_")
    common: dict[str, Any] = {"account": account, "role": "guard", "community": "garden"}
    for field, data in (
        ("community", {"community": "lake"}),
        ("buildings", {"buildings": [other]}),
        ("superior", {"superior": f"_.{ONE}"}),
    ):
        with pytest.raises(NotFound) as caught:
            garden.call("grant", **{**common, **data})
        assert list(caught.value.fields) == [field]
    with pytest.raises(Invalid):
        garden.call("grant", **common, superior=person)
    with pytest.raises(Invalid):
        garden.call("grant", **{**common, "buildings": []})
    with pytest.raises(NotFound):
        garden.call("grant", **{**common, "account": f"_.{uuid4()}"})
    garden.call("grant", **common, buildings=[building], superior=chief, team="night")
    with pytest.raises(AlreadyGranted):
        garden.call("grant", **common, buildings=[building, building], team="night")
    garden.settle()
    held = garden.call("me", Caller(person=person))["posts"][1]
    assert held["team"] == "night"
    assert held["superior"] == chief
    token = log_in(garden, "wangfang")["access_token"]
    garden.settle()
    assert garden.caller(token).posts[1] == Post("guard", "garden", (building,))


def test_a_token_always_has_room_for_its_posts(garden: Estate) -> None:
    buildings = [garden.building(code=str(number)) for number in range(50)]
    _, account = resident(garden)
    garden.post(account, "guard", buildings=buildings)
    with pytest.raises(TooManyPosts):
        for number in range(30):
            garden.post(account, "guard", buildings=buildings[number : number + 2])
            garden.post(account, "technician", buildings=buildings[number : number + 30])
    token = log_in(garden, "wangfang")["access_token"]
    garden.settle()
    assert len(garden.caller(token).posts) > 1


def test_keys_are_rotated_without_ending_a_token(garden: Estate) -> None:
    resident(garden)
    old = log_in(garden, "wangfang")["access_token"]
    first = garden.call("rotate_key")
    assert first["state"] == "published"
    between = log_in(garden, "wangfang")["access_token"]
    garden.wait(minutes=2)
    new = log_in(garden, "wangfang")["access_token"]
    garden.settle()
    for token in (old, between, new):
        garden.caller(token)
    garden.call("rotate_key")
    garden.settle()
    garden.caller(new)
    for token in (old, between):
        with pytest.raises(Unauthenticated) as caught:
            garden.caller(token)
        assert caught.value.reason == "unknown_key"
    garden.caller(log_in(garden, "wangfang")["access_token"])
    with pytest.raises(Forbidden):
        garden.call("rotate_key", Caller(person="_.x", posts=(Post("admin", "garden"),)))


def test_the_first_key_is_made_once(garden: Estate) -> None:
    garden.signing.ensure_key()
    head = garden.log.head()
    garden.signing.ensure_key()
    assert garden.log.head() == head


def test_private_keys_hashes_and_digests_leave_for_nobody(garden: Estate) -> None:
    resident(garden)
    log_in(garden, "wangfang")
    secrets = {"PasswordSet": "hash", "SessionOpened": "refresh_digest"}
    secrets["SigningKeyPublished"] = "private_key"
    seen = set()
    for fact in garden.log.read(0, 500, opened=True):
        if fact.type in secrets:
            assert fact.data[secrets[fact.type]] is None
            seen.add(fact.type)
    assert seen == set(secrets)


def test_the_forgotten_are_locked_out(garden: Estate) -> None:
    person, account = resident(garden)
    answer = log_in(garden, "wangfang")
    garden.settle()
    garden.call("forget_person", person=person)
    with pytest.raises(Unauthenticated):
        log_in(garden, "wangfang")
    with pytest.raises(SessionOver):
        refresh(garden, answer["refresh_token"])
    garden.settle()
    with pytest.raises(Unauthenticated) as caught:
        garden.caller(answer["access_token"])
    assert caught.value.reason == "revoked_token"
    with pytest.raises(Closed):
        garden.post(account, "resident")
    with pytest.raises(LoginTaken):
        garden.account(garden.person(), "wangfang")
