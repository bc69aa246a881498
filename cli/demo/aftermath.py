"""What comes after the work: checks, ratings and their answers, follow-ups."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

from cli.demo import texts
from cli.demo.calendar import desk_hours
from cli.demo.draws import Draws
from cli.demo.odds import LOW_STARS


class Aftermath(Draws):
    """What residents say to it, and what staff do about that."""

    fate: str

    def _is_silent(self) -> bool:
        """Whether its resident never says a word about the work."""
        drawn = Random(f"silent {self.number}").random()
        return self.fate == "smooth" and self.resident is not None and drawn < 0.04

    def _check(self, repaired: datetime) -> None:
        """By the supervisor, some days after the reminder in vain; then the resident is asked."""
        rng = Random(f"check {self.number}")
        at = desk_hours(repaired + timedelta(hours=rng.uniform(165, 185)), rng)
        self._do(at, "supervisor", "accept", note=rng.choice(texts.CHECKS))
        self._follow_up(at, satisfied=True)

    def _follow_up(self, settled: datetime, *, satisfied: bool) -> None:
        """The dispatcher calls within the day, and sometimes again."""
        rng = Random(f"follow-up {self.number}")
        at = desk_hours(settled + timedelta(hours=rng.uniform(1, 12)), rng)
        if rng.random() < 0.25:
            self._do(at, "dispatcher", "record_follow_up", outcome="not_reached")
            at = desk_hours(at + timedelta(hours=rng.uniform(2, 20)), rng)
        notes = rng.choice(texts.FOLLOW_UPS[satisfied])
        asked = {"outcome": "reached", "satisfied": satisfied, "notes": notes}
        self._do(at, "dispatcher", "record_follow_up", **asked)

    def _rate(self, accepted: datetime) -> None:
        if self.resident is None or self.rng.random() > 0.74:
            return
        stars = self._stars(accepted)
        request: dict[str, Any] = {"stars": stars}
        if self.rng.random() < 0.6:
            request["speed"] = self._near(stars)
            request["attitude"] = self._near(min(5, stars + 1))
        spoken = texts.COMMENTS[self.resident.language]
        if self.rng.random() < 0.45:
            request["comment"] = self.rng.choice(spoken[stars])
        rated = accepted + timedelta(seconds=self.rng.randrange(20, 240))
        self._do(rated, self.resident.login, "rate", **request)
        if stars <= LOW_STARS:
            self._follow_up(rated, satisfied=False)
            answer = desk_hours(rated + timedelta(hours=2), Random(f"answer {self.number}"))
            self._do(answer, "supervisor", "answer_rating", text=texts.ANSWER)

    def _stars(self, accepted: datetime) -> int:
        """Who waited long, or had it done twice, is less content."""
        days = (accepted - self.steps[0].at) / timedelta(days=1)
        weights = [2, 3, 9, 32, 54]
        if days > 3 or self.fate in ("rejected", "reopened"):
            weights = [9, 15, 27, 32, 17]
        elif self.kind == "complaint":
            weights = [6, 9, 20, 35, 30]
        return self.rng.choices((1, 2, 3, 4, 5), weights)[0]
