"""Who may do what: the one table that the code asks and the documentation prints."""

from __future__ import annotations

from dataclasses import dataclass

from shared.identity.caller import EVERY, Caller


@dataclass(frozen=True)
class Rule:
    """``roles`` may, if held everywhere: an inbox reaches beyond one place. Owners always may."""

    roles: frozenset[str]


TABLE: dict[str, Rule] = {
    "inbox": Rule(frozenset({"auditor", "service"})),
    "mark_read": Rule(frozenset()),
}


def may(method: str, caller: Caller, owner: str) -> bool:
    """Whether the caller may do this in the inbox of ``owner``."""
    return caller.person == owner or any(caller.has(role, EVERY) for role in TABLE[method].roles)
