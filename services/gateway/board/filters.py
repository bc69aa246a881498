"""What the board is narrowed to, out of an address, and into the question to the service."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p
from werkzeug.datastructures import MultiDict

from services.gateway.frame import words
from services.gateway.frame.directory import Directory
from services.gateway.orders.places import unit_label

# how long an order may wait for a dispatcher
UNANSWERED = timedelta(hours=1)
WAITS = {
    "": _p("orders", "All"),
    "overdue": _l("Overdue, by what was promised"),
    "at_risk": _l("At risk of it"),
    "unanswered": _l("Unanswered for over 1 hour"),
    "check": _l("Done, but nobody answers: to be checked"),
}
CLOCKS = ("overdue", "at_risk")
LANES: dict[str, Any] = {
    "submitted": _l("To dispatch"),
    "waiting": _l("Sent"),
    "working": words.STATES["dispatched.working"].staff,
    "paused": words.STATES["dispatched.paused"].staff,
    "repaired": words.STATES["repaired"].staff,
}
_MOST_NAMED = 200
_LONGEST = 30


@dataclass(frozen=True)
class Filters:
    """``category`` is ``repair:lift``, ``lane`` the one that a phone shows."""

    community: str | None
    wait: str
    mine: bool
    building: str
    category: str
    text: str
    lane: str

    @classmethod
    def read(cls, args: MultiDict[str, str], communities: list[str]) -> Filters:
        """``communities``: where the person looks after orders; one alone needs no choice."""
        chosen = args.get("community", "")
        only = communities[0] if len(communities) == 1 else None
        wait, lane = args.get("wait", ""), args.get("lane", "")
        return cls(
            community=chosen if chosen in communities else only,
            wait=wait if wait in WAITS else "",
            mine=args.get("mine") == "1",
            building=args.get("building", ""),
            category=args.get("category", ""),
            text=args.get("text", "").strip()[:_LONGEST],
            lane=lane if lane in LANES else "submitted",
        )

    def narrowed(self) -> bool:
        """Whether fewer are shown than there are."""
        return bool(self.wait or self.mine or self.building or self.category or self.text)

    def address(self, **changes: str | None) -> dict[str, str | None]:
        """The parts of the board's address, with ``changes``; empty ones are left out."""
        found = {
            "community": self.community,
            "wait": self.wait,
            "mine": "1" if self.mine else None,
            "building": self.building,
            "category": self.category,
            "text": self.text,
            "lane": self.lane if self.lane != "submitted" else None,
            **changes,
        }
        return {name: value or None for name, value in found.items()}

    def question(self, directory: Directory, now: datetime) -> dict[str, Any]:
        """What to ask ``workorders.board``."""
        asked: dict[str, Any] = {"mine": self.mine, "community": self.community}
        if self.building:
            asked["building"] = self.building
        kind, _, category = self.category.partition(":")
        if kind in words.CATEGORIES and category in words.CATEGORIES[kind]:
            asked |= {"kind": kind, "category": category}
        if self.wait == "unanswered":
            asked |= {"before": (now - UNANSWERED).isoformat(), "lanes": ["submitted"]}
        if self.wait in CLOCKS:
            asked["clock"] = self.wait
        if self.wait == "check":
            asked |= {"check_due": True, "lanes": ["repaired"]}
        if self.text:
            asked |= {"number": self.text, **self._named(directory)}
        return {name: value for name, value in asked.items() if value is not None}

    def _named(self, directory: Directory) -> dict[str, list[str]]:
        """The homes and people whose names have the text: orders hold their ids alone."""
        text = self.text.casefold()
        names = [self.community] if self.community else list(directory.communities())
        units = [
            unit.id
            for name in names
            for unit in directory.units(name).values()
            if text in unit_label(unit.building_name, unit.code).casefold()
        ]
        people = [
            person.id
            for name in names
            for person in directory.people(name)
            if text in person.name.casefold()
        ]
        return {"units": units[:_MOST_NAMED], "people": people[:_MOST_NAMED]}
