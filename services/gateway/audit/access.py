"""Who may look at what happened: auditors, each in their own communities."""

from __future__ import annotations

from services.gateway.frame.directory import Community
from services.gateway.frame.edge import edge
from services.gateway.frame.navigation import AUDIT
from services.gateway.sessions.visitor import Visitor, the_visitor
from shared.errors import Forbidden
from shared.identity.caller import EVERY


def auditor() -> Visitor:
    who = the_visitor()
    if AUDIT.isdisjoint(who.roles()):
        raise Forbidden("This is for auditors.", reason="not_your_role")
    return who


def communities(who: Visitor) -> list[Community]:
    directory = edge().directory
    held = {post.community for post in who.caller.posts if post.role in AUDIT}
    names = sorted(directory.communities()) if EVERY in held else sorted(held)
    return [directory.community(name) for name in names]
