"""The time that figures are about: whole days of the community's own clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l

NAMES: dict[str, Any] = {
    "today": _l("Today"),
    "yesterday": _l("Yesterday"),
    "7": _l("Last 7 days"),
    "30": _l("Last 30 days"),
}
FREE = "free"
USUAL = "30"
# a point a day up to here, a point a month beyond
MOST_DAYS = 92
_LONGEST = timedelta(days=3660)


@dataclass(frozen=True)
class Period:
    """``first`` and ``last`` are days, both inside."""

    name: str
    first: date
    last: date
    zone: ZoneInfo

    @classmethod
    def read(cls, args: Mapping[str, str], now: datetime, zone: ZoneInfo) -> Period:
        """Out of an address; the last 30 days where it says nothing that makes sense."""
        today = now.astimezone(zone).date()
        name = args.get("period", USUAL)
        if name == FREE:
            first, last = _day(args.get("from")), _day(args.get("to"))
            if first is not None and last is not None and first <= last <= first + _LONGEST:
                return cls(FREE, first, last, zone)
        if name == "today":
            return cls(name, today, today, zone)
        if name == "yesterday":
            before = today - timedelta(days=1)
            return cls(name, before, before, zone)
        days = 7 if name == "7" else 30
        return cls(str(days), today - timedelta(days=days - 1), today, zone)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def by(self) -> str:
        """The dimension of time that its points have."""
        return "day" if self.days <= MOST_DAYS else "month"

    def before(self) -> Period:
        """As many days, just before."""
        last = self.first - timedelta(days=1)
        return Period("", last - timedelta(days=self.days - 1), last, self.zone)

    def question(self) -> dict[str, str]:
        return {
            "from": self._midnight(self.first).isoformat(),
            "to": self._midnight(self.last + timedelta(days=1)).isoformat(),
            "time_zone": self.zone.key,
        }

    def address(self) -> dict[str, str]:
        if self.name == FREE:
            return {"period": FREE, "from": self.first.isoformat(), "to": self.last.isoformat()}
        return {"period": self.name}

    def points(self) -> list[str]:
        """Every day or month of it, as the figures name them."""
        days = [self.first + timedelta(days=number) for number in range(self.days)]
        if self.by == "day":
            return [day.isoformat() for day in days]
        return list(dict.fromkeys(f"{day.year:04d}-{day.month:02d}" for day in days))

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone)


def _day(text: str | None) -> date | None:
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return None
    # what a calendar of any kind reaches, with days to spare before and behind
    return found if 1900 <= found.year <= 9000 else None
