"""Where the staff's pages are, and who is led to them; the services say what they may see there."""

from __future__ import annotations

from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l

from services.gateway.sessions.visitor import LEADERS, Visitor

BOARD = LEADERS
CALLS = BOARD | {"guard", "admin"}
ADMIN = frozenset({"admin", "manager"})
CANNED_ANSWERS = frozenset({"supervisor", "manager"})
AUDIT = frozenset({"auditor"})
FIGURES = frozenset({"supervisor", "manager", "committee", "auditor", "admin"})


class Link(NamedTuple):
    """``blueprints``: the pages on which it is the current one."""

    endpoint: str
    icon: str
    label: Any
    roles: frozenset[str]
    blueprints: tuple[str, ...]


LINKS = (
    Link(
        "board.index",
        "board",
        _l("Board"),
        BOARD,
        ("board", "follow_ups", "canned_answers", "photo_rules"),
    ),
    Link("calls.index", "phone", _l("Calls"), CALLS, ("calls",)),
    Link("figures.index", "chart", _l("Figures"), FIGURES, ("figures",)),
    Link("audit.index", "search", _l("Audit"), AUDIT, ("audit", "story")),
    Link("admin.index", "home", _l("Register"), ADMIN, ("admin", "parked")),
)


def links(who: Visitor) -> list[Link]:
    held = set(who.roles())
    return [link for link in LINKS if not held.isdisjoint(link.roles)]
