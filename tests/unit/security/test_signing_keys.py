"""Keys that sign tokens: made once, rotated, and seen by nobody."""

from __future__ import annotations

import pytest

from shared.errors import Forbidden, Unauthenticated
from shared.identity.caller import Caller, Post
from tests.unit.security.estate import Estate


def test_keys_are_rotated_without_ending_a_token(garden: Estate) -> None:
    garden.resident()
    old = garden.log_in("wangfang")["access_token"]
    first = garden.call("rotate_key")
    assert first["state"] == "published"
    between = garden.log_in("wangfang")["access_token"]
    garden.wait(minutes=2)
    new = garden.log_in("wangfang")["access_token"]
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
    garden.caller(garden.log_in("wangfang")["access_token"])
    with pytest.raises(Forbidden):
        garden.call("rotate_key", Caller(person="_.x", posts=(Post("admin", "garden"),)))


def test_the_first_key_is_made_once(garden: Estate) -> None:
    garden.signing.ensure_key()
    head = garden.log.head()
    garden.signing.ensure_key()
    assert garden.log.head() == head


def test_private_keys_hashes_and_digests_leave_for_nobody(garden: Estate) -> None:
    garden.resident()
    garden.log_in("wangfang")
    secrets = {"PasswordSet": "hash", "SessionOpened": "refresh_digest"}
    secrets["SigningKeyPublished"] = "private_key"
    seen = set()
    for fact in garden.log.read(0, 500, opened=True):
        if fact.type in secrets:
            assert fact.data[secrets[fact.type]] is None
            seen.add(fact.type)
    assert seen == set(secrets)
