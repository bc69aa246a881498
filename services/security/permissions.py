"""Who may do what: the one table that the code asks and the documentation prints."""

from __future__ import annotations

from dataclasses import dataclass

from shared.errors import Forbidden
from shared.identity.caller import EVERY, Caller

ROLES = (
    "resident",
    "committee",
    "technician",
    "dispatcher",
    "supervisor",
    "manager",
    "guard",
    "accountant",
    "auditor",
    "admin",
    "service",
)
STAFF = ("technician", "dispatcher", "supervisor", "manager", "guard", "accountant")
BELOW_MANAGER = frozenset(
    {"resident", "committee", "technician", "dispatcher", "supervisor", "guard", "accountant"}
)
READERS = (*STAFF, "auditor", "admin", "service")
# who is shown with which log-in names a person has accounts
ACCOUNT_READERS = ("manager", "auditor", "admin", "service")


# who answers the phone, and may ask whose number it is
CALL_TAKERS = ("dispatcher", "supervisor", "manager", "guard", "admin", "service")


@dataclass(frozen=True)
class Rule:
    """``roles`` may, at the place the command is about; ``own``: what everybody may."""

    roles: tuple[str, ...]
    own: str = ""


TABLE: dict[str, Rule] = {
    "register_community": Rule(("admin",)),
    "register_building": Rule(("admin", "manager")),
    "register_unit": Rule(("admin", "manager")),
    "register_person": Rule(("admin", "manager")),
    "move_in": Rule(("admin", "manager")),
    "move_out": Rule(("admin", "manager")),
    "forget_person": Rule(("admin",)),
    "open_account": Rule(("admin", "manager")),
    "set_password": Rule(("admin", "manager"), own="their own, with the old one"),
    "grant": Rule(("admin", "manager")),
    "withdraw_grant": Rule(("admin", "manager")),
    "login": Rule((), own="whoever has the password"),
    "refresh": Rule((), own="whoever has the refresh token"),
    "logout": Rule((), own="their own session"),
    "revoke_session": Rule(("admin",), own="their own sessions"),
    "rotate_key": Rule(("admin",)),
    "me": Rule((), own="themselves"),
    "open_feed": Rule((), own="their own calendar"),
    "close_feed": Rule((), own="their own calendar"),
    "feed": Rule((), own="their own calendar"),
    "feed_owner": Rule(("service",)),
    "communities": Rule(("auditor", "admin", "service"), own="those where they hold a post"),
    "units": Rule(("committee", *READERS)),
    "people": Rule(READERS),
    "find_person": Rule(CALL_TAKERS),
    "person": Rule(READERS, own="themselves"),
}


def require(method: str, caller: Caller, community: str) -> None:
    """Raises ``Forbidden`` unless one of the method's roles is held for the whole community."""
    if not held(method, caller, community):
        raise Forbidden(_words(method, community))


def held(method: str, caller: Caller, community: str) -> bool:
    return any(caller.has(role, community) for role in TABLE[method].roles)


def reads(method: str, caller: Caller, community: str, building: str | None = None) -> bool:
    """Whether one of the method's roles is held there, be it for other buildings of it only.

    With ``building``: for that one. ``*`` asks for a role held anywhere.
    """
    return any(
        post.role in TABLE[method].roles
        and (EVERY in (community, post.community) or post.community == community)
        and (building is None or post.buildings is None or building in post.buildings)
        for post in caller.posts
    )


def reach(method: str, caller: Caller, community: str) -> frozenset[str] | None:
    """The buildings that the caller may read of a community; ``None``: all of it.

    Raises ``Forbidden`` where there is none.
    """
    if held(method, caller, community):
        return None
    found = frozenset(
        building
        for where, building in caller.buildings(*TABLE[method].roles)
        if where in (EVERY, community)
    )
    if not found:
        raise Forbidden(_words(method, community))
    return found


def require_grant(caller: Caller, role: str, community: str) -> None:
    """Raises ``Forbidden`` unless the caller may give or take this post.

    Admins give any; a community's managers what stands below them, there.
    """
    if caller.has("admin", community):
        return
    if caller.has("manager", community) and role in BELOW_MANAGER:
        return
    raise Forbidden(
        f"The post {role} at {place(community)} is given and taken by an admin; "
        "a manager gives those below, in their own community."
    )


def place(community: str) -> str:
    """A community in a sentence."""
    return {EVERY: "every community", "_": "the company"}.get(community, f"community {community}")


def _words(method: str, community: str) -> str:
    roles = " or ".join(TABLE[method].roles)
    return f"{method} at {place(community)} is for the role {roles}; ask someone who holds it."
