"""A week of shifts and leave: rows are people, columns are days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from services.gateway.frame import formats

Data = Mapping[str, Any]
DAYS = 7
DAY_MINUTES = 24 * 60
# days before its end from which on a certificate is shown as ending soon
SOON = timedelta(days=30)


class Piece(NamedTuple):
    """What of a shift or leave falls into a day, in minutes from its midnight, and in words."""

    what: str
    start: int
    length: int
    text: str


class Week(NamedTuple):
    first: date
    zone: ZoneInfo

    @classmethod
    def of(cls, text: str, today: date, zone: ZoneInfo) -> Week:
        """The week that a day is in; this week where it is no day."""
        try:
            day = date.fromisoformat(text)
            day + timedelta(days=2 * DAYS), day - timedelta(days=2 * DAYS)
        except (ValueError, OverflowError):
            day = today
        return cls(day - timedelta(days=day.weekday()), zone)

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=number) for number in range(DAYS)]

    @property
    def since(self) -> str:
        return self._midnight(self.first).isoformat()

    @property
    def until(self) -> str:
        return self._midnight(self.first + timedelta(days=DAYS)).isoformat()

    def other(self, weeks: int) -> str:
        return (self.first + timedelta(days=DAYS * weeks)).isoformat()

    def pieces(self, person: Data) -> list[list[Piece]]:
        """What there is of somebody on each of the days."""
        spans = [
            (what, formats.when(span["starts"]), formats.when(span["ends"]))
            for what in ("shift", "leave")
            for span in person["shifts" if what == "shift" else "leave"]
        ]
        return [list(self._of_day(day, spans)) for day in self.days]

    def _of_day(
        self, day: date, spans: Iterable[tuple[str, datetime, datetime]]
    ) -> Iterable[Piece]:
        begins, ends = self._midnight(day), self._midnight(day + timedelta(days=1))
        for what, start, end in spans:
            first, last = max(start, begins), min(end, ends)
            if first < last:
                at = self._minute(first) if first > begins else 0
                to = self._minute(last) if last < ends else DAY_MINUTES
                yield Piece(what, at, max(to - at, 0), self._words(at, to))

    def _words(self, at: int, to: int) -> str:
        """Empty where it is the whole day."""
        return "" if (at, to) == (0, DAY_MINUTES) else f"{_clock(at)}–{_clock(to)}"

    def _minute(self, moment: datetime) -> int:
        local = moment.astimezone(self.zone)
        return local.hour * 60 + local.minute

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time.min, self.zone).astimezone(UTC)


def standing(certificate: Data, today: date) -> str:
    """``expired``, ``soon`` (to expire), ``coming`` (not valid yet) or ``valid``."""
    since = formats.date_of(certificate["valid_from"])
    until = formats.date_of(certificate["valid_until"])
    if until < today:
        return "expired"
    if since > today:
        return "coming"
    return "soon" if until - today <= SOON else "valid"


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
