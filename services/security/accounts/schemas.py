"""What the methods of accounts take."""

from __future__ import annotations

from typing import Any

from services.security.permissions import ROLES
from services.security.register.schemas import SLUG
from shared.identity.caller import EVERY
from shared.schemas import Choice, Command, Id, Items, Text

MOST_BUILDINGS = 50


class NewPassword(Text):
    """8 to 200 characters of any kind (NIST SP 800-63B, section 5.1.1.2)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            200, pattern=r"[\s\S]{8,}", hint="At least 8 characters are expected.", **kwargs
        )


class OpenAccount(Command):
    person = Id(required=True)
    login = Text(
        64,
        required=True,
        pattern=r"[^\s]{3,}",
        hint="3 to 64 characters without blanks are expected.",
    )
    password = NewPassword(required=True)


class SetPassword(Command):
    """Without ``account`` the caller's own, which takes the ``old_password``."""

    account = Id(load_default=None)
    password = NewPassword(required=True)
    old_password = Text(200, load_default=None)


class Grant(Command):
    """``community``: ``*`` is every one. ``buildings``: left out, all of the community."""

    account = Id(required=True)
    role = Choice(ROLES, required=True)
    community = Text(
        32,
        required=True,
        pattern=rf"\{EVERY}|{SLUG}",
        hint="A community is expected, or * for every one.",
    )
    buildings = Items(Id(), MOST_BUILDINGS, minimum=1, load_default=None)
    team = Text(60, load_default=None)
    superior = Id(load_default=None)


class WithdrawGrant(Command):
    account = Id(required=True)
    post = Id(required=True)


class Login(Command):
    """Each makes a session of its own, also under the same ``command_id``; so with ``Refresh``."""

    login = Text(64, required=True)
    password = Text(200, required=True)


class Refresh(Command):
    """``following``: the secret of the token that is to follow, 32 random bytes as base64url. Who
    gives it may ask again with both, and gets the same token: so several who share a session, or
    who got no answer, can renew it. Left out, one is made.
    """

    refresh_token = Text(200, required=True)
    following = Text(
        43,
        pattern="[A-Za-z0-9_-]{43}",
        hint="32 bytes as base64url without padding are expected.",
        load_default=None,
    )


class Logout(Command):
    pass


class RevokeSession(Command):
    session = Id(required=True)


class RotateKey(Command):
    pass
