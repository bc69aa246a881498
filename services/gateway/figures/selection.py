"""Which figures a page is about: the community, a building, a kind, and the time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.gateway.figures.period import Period
from services.gateway.frame import words
from services.gateway.frame.communities import chosen, holding
from services.gateway.frame.directory import Community
from services.gateway.frame.edge import edge
from services.gateway.frame.navigation import FIGURES


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
        who = holding(FIGURES, "Figures are for those who lead.")
        communities, community = chosen(who, FIGURES)
        kind = args.get("kind", "")
        return cls(
            communities,
            community,
            args.get("building", ""),
            kind if kind in words.KINDS else "",
            Period.read(args, edge().clock.now(), community.zone),
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
        return edge().directory.buildings(self.community.id)
