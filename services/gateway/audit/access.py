"""Who may look at what happened: auditors, each in their own communities."""

from __future__ import annotations

from services.gateway.frame.communities import holding, mine
from services.gateway.frame.directory import Community
from services.gateway.frame.navigation import AUDIT
from services.gateway.sessions.visitor import Visitor


def auditor() -> Visitor:
    return holding(AUDIT, "This is for auditors.")


def communities(who: Visitor) -> list[Community]:
    return mine(who, AUDIT)
