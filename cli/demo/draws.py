"""What every part of an order's life draws on: what was reported, how long, who, which words."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from random import Random
from typing import Any

from cli.community import RESIDENTS, Member
from cli.demo import texts
from cli.demo.calendar import ZONE, Bookings, desk_hours, local, minutes, next_round
from cli.demo.odds import ANYBODY, CATEGORIES, CHANNELS, SKILLED
from cli.demo.step import Step


class Draws:
    """One order with its own random numbers, and the steps taken about it so far."""

    def __init__(self, number: int, rng: Random, bookings: dict[str, Bookings]) -> None:
        self.number = number
        self.rng = rng
        self.steps: list[Step] = []
        self._bookings = bookings
        self.kind = "repair" if rng.random() < 0.7 else "complaint"
        self.category = self._one(CATEGORIES[self.kind])
        self.channel = self._one(CHANNELS)
        self.resident: Member | None = rng.choice(RESIDENTS)
        if self.channel == "inspection":
            self.kind, self.category, self.resident = "repair", "public_area", None

    @property
    def _resident(self) -> Member:
        assert self.resident is not None
        return self.resident

    def _do(self, at: datetime, who: str, method: str, /, **request: Any) -> None:
        service = "billing" if method in ("pay", "void") else "workorders"
        at = at.astimezone(ZONE).replace(microsecond=0)
        self.steps.append(Step(at, who, service, method, self.number, request))

    def _round(self, after: datetime) -> datetime:
        """When the dispatcher gets to it: soon where it cannot wait, else in the next round."""
        soon = desk_hours(after + self._minutes(4, 14), self.rng)
        if self.category in ("lift", "electrical") and soon.date() == after.date():
            return soon
        return next_round(after + timedelta(minutes=2), self.rng)

    def _visit(self, technician: str, after: datetime, length: timedelta) -> datetime:
        start = self._bookings[technician].first_free(after, length)
        self._bookings[technician].book(start, length)
        return start

    def _free_one(self, at: datetime, other_than: str | None) -> str:
        able = [one for one in SKILLED.get(self.category, ANYBODY) if one != other_than]
        able = able or [one for one in ANYBODY if one != other_than]
        hour = timedelta(hours=1)
        return min(able, key=lambda one: self._bookings[one].first_free(at, hour))

    def _answer(self, repaired: datetime) -> datetime:
        """When somebody looks at the repair: at once, the same evening, or the next day."""
        if self.resident is None:
            return desk_hours(repaired + timedelta(hours=self.rng.uniform(0.5, 5)), self.rng)
        draw = self.rng.random()
        if draw < 0.5:
            return repaired + self._minutes(2, 35)
        if draw < 0.85:
            evening = local(repaired.date(), time(18, 30)) + self._minutes(0, 150)
            return max(evening, repaired + self._minutes(20, 60))
        return self._awake(repaired + timedelta(hours=self.rng.uniform(14, 60)))

    def _awake(self, moment: datetime) -> datetime:
        """Nobody answers at night."""
        if 7 <= moment.hour < 23:
            return moment
        day = moment.date() + timedelta(days=moment.hour >= 23)
        return local(day, time(7, 30)) + self._minutes(0, 120)

    def _minutes(self, low: int, high: int) -> timedelta:
        return minutes(low, high, self.rng)

    def _words(self, of: texts.Texts) -> str:
        return self.rng.choice(of[self._resident.language])

    def _near(self, stars: int) -> int:
        return max(1, min(5, stars + self.rng.choice((-1, 0, 0, 0, 1))))

    def _one(self, weights: dict[str, int]) -> str:
        return self.rng.choices(list(weights), list(weights.values()))[0]
