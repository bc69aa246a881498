"""Where the staff's pages are, and who is led to them; the services say what they may see there."""

from __future__ import annotations

from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l

from services.gateway.sessions.visitor import LEADERS, Visitor

BOARD = LEADERS
TEAMS = LEADERS | {"admin"}
RULES = frozenset({"supervisor", "manager", "admin", "auditor"})
INCIDENTS = LEADERS
CALLS = BOARD | {"guard", "admin"}
ADMIN = frozenset({"admin", "manager"})
CANNED_ANSWERS = frozenset({"supervisor", "manager"})
QUOTES = frozenset({"committee", "manager"})
AUDIT = frozenset({"auditor"})
# who may see what others owe, as billing has it
BOOKS = frozenset({"accountant", "manager", "auditor"})
FIGURES = frozenset({"supervisor", "manager", "committee", "auditor", "admin"})


# as many as a phone's bar has room for
_ROOM = 6


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
        ("board", "at_risk", "follow_ups", "canned_answers"),
    ),
    Link("calls.index", "phone", _l("Calls"), CALLS, ("calls",)),
    Link("incidents.index", "alert", _l("Outages"), INCIDENTS, ("incidents",)),
    Link("teams.index", "team", _l("Teams"), TEAMS, ("teams",)),
    Link("quotes.index", "receipt", _l("Quotes"), QUOTES, ("quotes",)),
    Link("figures.index", "chart", _l("Figures"), FIGURES, ("figures",)),
    Link("bills.index", "bill", _l("Bills"), BOOKS, ("bills",)),
    Link("audit.index", "search", _l("Audit"), AUDIT, ("audit", "story")),
    Link("levels.index", "sliders", _l("Rules"), RULES, ("levels", "dispatching", "photo_rules")),
    Link("admin.index", "home", _l("Register"), ADMIN, ("admin", "parked")),
)


def links(who: Visitor) -> list[Link]:
    held = set(who.roles())
    return [link for link in LINKS if not held.isdisjoint(link.roles)]


def at_hand(who: Visitor) -> int:
    """How many of the links a phone's bar shows; the others are behind "More"."""
    others = 2 + ("technician" in who.roles()) + (not who.leads()) + who.reports()
    room = _ROOM - others
    return room if len(links(who)) <= room else room - 1


def behind_more(who: Visitor, here: str | None) -> bool:
    """Whether the current page is one that a phone finds behind "More"."""
    found = links(who)
    return here == "frame" or any(here in link.blueprints for link in found[at_hand(who) :])
