"""The digest of a command's content tells content apart, and tells nobody what it was."""

from __future__ import annotations

import hashlib

import msgspec

from shared.privacy.digest import Digester

PHONE = {"phone": "13912345678", "name": "李"}


def test_the_same_content_has_the_same_digest_in_whatever_order() -> None:
    digest = Digester(b"m" * 32)
    assert digest(PHONE) == digest(dict(reversed(PHONE.items())))
    assert digest(PHONE) != digest({**PHONE, "name": "王"})
    assert digest(["rename", PHONE]) != digest(["register", PHONE])


def test_it_cannot_be_guessed_back_without_the_master_key() -> None:
    """A phone number has few enough values to try them all."""
    found = Digester(b"m" * 32)(PHONE)
    assert found != Digester(b"n" * 32)(PHONE)
    canonical = msgspec.json.encode(PHONE, order="sorted")
    for key in (b"", b"m" * 32):
        assert found != hashlib.blake2b(canonical, key=key, digest_size=16).hexdigest()
