"""Which figures a page is about: the community, a building, a kind, and the time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.gateway.figures.period import Period
from services.gateway.frame import words
from services.gateway.frame.directory import Community
from services.gateway.frame.edge import edge
from services.gateway.frame.navigation import FIGURES
from services.gateway.sessions.visitor import Visitor, the_visitor
from shared.errors import Forbidden
from shared.identity.caller import EVERY


@dataclass(frozen=True)
class Selection:
    communities: list[Community]
    community: Community
    building: str
    kind: str
    period: Period

    @classmethod
    def read(cls, args: Mapping[str, str]) -> Selection:
        """Raises ``Forbidden`` where nobody's figures are for the person to see."""
        who = the_visitor()
        if FIGURES.isdisjoint(who.roles()):
            raise Forbidden("Figures are for those who lead.", reason="not_your_role")
        communities = _communities(who)
        chosen = next(
            (one for one in communities if one.id == args.get("community")), communities[0]
        )
        kind = args.get("kind", "")
        return cls(
            communities,
            chosen,
            args.get("building", ""),
            kind if kind in words.KINDS else "",
            Period.read(args, edge().clock.now(), chosen.zone),
        )

    def question(self, period: Period | None = None, **more: Any) -> dict[str, Any]:
        """What to ask analytics about this, or about this at another time."""
        asked = {
            "community": self.community.id,
            "building": self.building,
            "kind": self.kind,
            **(period or self.period).question(),
            **more,
        }
        return {name: value for name, value in asked.items() if value}

    def address(self, **changes: str | None) -> dict[str, str | None]:
        found: dict[str, str | None] = {
            "community": self.community.id if len(self.communities) > 1 else None,
            "building": self.building or None,
            "kind": self.kind or None,
            **self.period.address(),
        }
        if "period" in changes:
            found |= {"from": None, "to": None}
        return found | changes

    def buildings(self) -> dict[str, str]:
        units = edge().directory.units(self.community.id).values()
        return {unit.building: unit.building_name for unit in units}


def _communities(who: Visitor) -> list[Community]:
    directory = edge().directory
    held = {post.community for post in who.caller.posts if post.role in FIGURES}
    names = sorted(directory.communities()) if EVERY in held else sorted(held)
    if not names:
        raise Forbidden("There is no community yet.", reason="not_your_role")
    return [directory.community(name) for name in names]
