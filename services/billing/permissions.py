"""Who may do what: the one table that the code asks and the documentation prints."""

from __future__ import annotations

from dataclasses import dataclass

from shared.identity.caller import Caller


@dataclass(frozen=True)
class Rule:
    """``roles`` may, at the bill's place. ``payer``: so may the person the bill is for."""

    roles: frozenset[str]
    payer: bool = False


READERS = frozenset({"accountant", "manager", "auditor", "service"})

TABLE: dict[str, Rule] = {
    "pay": Rule(frozenset({"accountant", "service"}), payer=True),
    "void": Rule(frozenset({"accountant", "manager"})),
    "get": Rule(READERS, payer=True),
    "list": Rule(READERS, payer=True),
    "arrears": Rule(READERS),
}

# who may say that money came at another time than now
BOOKKEEPERS = frozenset({"accountant", "service"})


def may(method: str, caller: Caller, community: str, building: str | None, payer: str) -> bool:
    """Whether the caller may do this to a bill of that place and payer."""
    rule = TABLE[method]
    if rule.payer and caller.person == payer:
        return True
    return not rule.roles.isdisjoint(caller.roles(community, building))
