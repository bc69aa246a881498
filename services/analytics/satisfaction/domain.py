"""What the figures mean, and how they come from rows. Pure.

A rating belongs to the moment it was given; the response rate is about the acceptances of the
period: how many of them have been rated by now, whenever that was.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from services.analytics.exact import mean, share
from services.analytics.satisfaction.views.ratings.projection import Acceptance, Row
from services.analytics.selection import Group, Selection


@dataclass
class Tally:
    """Whole numbers alone; the figures are made of them at the end."""

    accepted: int = 0
    answered: int = 0
    stars: list[int] = field(default_factory=lambda: [0, 0, 0, 0, 0])
    speed: list[int] = field(default_factory=list)
    attitude: list[int] = field(default_factory=list)

    def accept(self, acceptance: Acceptance) -> None:
        self.accepted += 1
        self.answered += acceptance.rated_at is not None

    def rate(self, acceptance: Acceptance) -> None:
        if acceptance.stars is not None:
            self.stars[acceptance.stars - 1] += 1
        if acceptance.speed is not None:
            self.speed.append(acceptance.speed)
        if acceptance.attitude is not None:
            self.attitude.append(acceptance.attitude)

    def figures(self) -> dict[str, Any]:
        """Means to 2 decimals, shares to 4, rounded half up; None where there is nothing."""
        count = sum(self.stars)
        total = sum(stars * number for stars, number in enumerate(self.stars, start=1))
        return {
            "count": count,
            "mean": mean(total, count),
            "distribution": {
                str(stars): number for stars, number in enumerate(self.stars, start=1)
            },
            "share_of_4_and_5": share(self.stars[3] + self.stars[4], count),
            "mean_speed": mean(sum(self.speed), len(self.speed)),
            "mean_attitude": mean(sum(self.attitude), len(self.attitude)),
            "accepted": self.accepted,
            "answered": self.answered,
            "response_rate": share(self.answered, self.accepted),
        }


def tally(
    orders: Iterable[Row], selection: Selection, technician: str | None = None
) -> tuple[Tally, dict[Group, Tally]]:
    """All together, and by group. ``technician``: only what this person did."""
    total = Tally()
    groups: dict[Group, Tally] = {}
    for row in orders:
        for one in row.acceptances:
            if technician is not None and one.technician != technician:
                continue
            if selection.covers(one.accepted_at):
                group = selection.group(row, one.technician, one.accepted_at)
                for each in (total, groups.setdefault(group, Tally())):
                    each.accept(one)
            if one.rated_at is not None and selection.covers(one.rated_at):
                group = selection.group(row, one.technician, one.rated_at)
                for each in (total, groups.setdefault(group, Tally())):
                    each.rate(one)
    return total, groups
