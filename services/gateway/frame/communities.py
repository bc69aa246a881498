"""For which community a page of the staff's is, where they hold a post in several."""

from __future__ import annotations

from flask import request

from services.gateway.frame.directory import Community
from services.gateway.frame.edge import edge
from services.gateway.sessions.visitor import Visitor, the_visitor
from shared.errors import Forbidden, NotFound
from shared.identity.caller import EVERY


def holding(roles: frozenset[str], told: str) -> Visitor:
    """Who looks; raises ``Forbidden``, saying ``told``, where they hold none of these posts."""
    who = the_visitor()
    if roles.isdisjoint(who.roles()):
        raise Forbidden(told, reason="not_your_role")
    return who


def held(who: Visitor, roles: frozenset[str]) -> list[str]:
    """Where they hold one of these posts."""
    found = {post.community for post in who.caller.posts if post.role in roles}
    return sorted(edge().directory.communities()) if EVERY in found else sorted(found)


def mine(who: Visitor, roles: frozenset[str]) -> list[Community]:
    """The same, with their names."""
    return [edge().directory.community(name) for name in held(who, roles)]


def chosen(who: Visitor, roles: frozenset[str]) -> tuple[list[Community], Community]:
    """All of theirs, and the one that the address or the form names, else the first.

    Raises ``NotFound`` where there is none yet.
    """
    found = mine(who, roles)
    if not found:
        raise NotFound("There is no community yet.")
    given = request.values.get("community")
    return found, next((one for one in found if one.id == given), found[0])
