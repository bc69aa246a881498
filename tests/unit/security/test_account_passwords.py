"""Passwords of accounts: who sets them, what that ends, and that nothing gives them away."""

from __future__ import annotations

from uuid import uuid4

import pytest

from services.security.accounts.domain.accounts import WrongPassword
from services.security.accounts.domain.sessions import SessionOver
from shared.errors import Busy, Conflict, Forbidden, Invalid, Unauthenticated
from shared.identity.caller import Caller
from tests.unit.security.estate import ADMIN, NEW_PASSWORD, PASSWORD, Estate


def test_a_new_password_ends_the_other_sessions(garden: Estate) -> None:
    person, account = garden.resident()
    here, there = garden.log_in("wangfang"), garden.log_in("wangfang")
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
    garden.refresh(here["refresh_token"])
    with pytest.raises(SessionOver):
        garden.refresh(there["refresh_token"])
    with pytest.raises(Unauthenticated):
        garden.log_in("wangfang")
    assert garden.log_in("wangfang", NEW_PASSWORD)["person"] == person
    garden.call("set_password", ADMIN, account=account, password=PASSWORD)
    garden.log_in("wangfang")


def test_no_digest_of_a_password_is_kept(garden: Estate) -> None:
    """A command's digest is a fast hash: it must not depend on the password."""
    person = garden.person()
    command_id = str(uuid4())
    opened = {"person": person, "login": "lilei", "command_id": command_id}
    first = garden.call("open_account", password="password one", **opened)
    assert garden.call("open_account", password="password two", **opened) == first
    garden.log_in("lilei", "password one")
    with pytest.raises(Conflict):
        garden.call("open_account", password="password one", **{**opened, "login": "LiLei"})


def test_the_old_password_is_not_guessed_either(garden: Estate) -> None:
    person, _ = garden.resident()
    caller = Caller(person=person, session=garden.log_in("wangfang")["session"])

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
        garden.log_in("wangfang")


def test_managers_reset_no_password_of_their_betters(garden: Estate) -> None:
    manager, _ = garden.staff("manager")
    _, worker = garden.resident()
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
