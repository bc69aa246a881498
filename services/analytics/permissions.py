"""Who may see figures, and of where: the table that the code asks and the documentation prints."""

from __future__ import annotations

from typing import Any

from shared.errors import Forbidden
from shared.eventlog.records import community_of
from shared.identity.caller import EVERY, Caller

TABLE: dict[str, frozenset[str]] = {
    name: frozenset({"supervisor", "manager", "committee", "auditor", "admin", "service"})
    for name in ("satisfaction", "efficiency")
}


def reach(
    method: str, caller: Caller, community: str | None, building: str | None
) -> tuple[str, dict[str, Any]]:
    """The rows that the caller may count, as SQL with its parameters.

    Raises ``Forbidden`` where there are none, or where the named place is outside.
    """
    roles = TABLE[method]
    _check(method, roles, caller, community, building)
    whole = caller.communities(*roles)
    if whole is None:
        return "1 = 1", {}
    parts: list[str] = []
    params: dict[str, Any] = {}
    for number, name in enumerate(sorted(whole)):
        parts.append(f"community = :in_{number}")
        params[f"in_{number}"] = name
    for number, (name, house) in enumerate(sorted(caller.buildings(*roles))):
        place = f"building = :house_{number}"
        params[f"house_{number}"] = house
        if name != EVERY:
            place += f" AND community = :at_{number}"
            params[f"at_{number}"] = name
        parts.append(f"({place})")
    return f"({' OR '.join(parts)})", params


def _check(
    method: str,
    roles: frozenset[str],
    caller: Caller,
    community: str | None,
    building: str | None,
) -> None:
    held = [post for post in caller.posts if post.role in roles]
    if community is not None:
        held = [post for post in held if post.community in (EVERY, community)]
    if building is not None:
        held = [post for post in held if post.covers(community_of(building), building)]
    if not held:
        raise Forbidden(f"{method} is for the roles {', '.join(sorted(roles))}, each at its place.")
