"""Working time: a week of hours, days that differ from it, and the zone they are read in.

An instant is working time when the clocks on the community's walls then show a working minute. So
where clocks are put back, the hour that comes twice counts twice, and the one skipped in spring
does not count.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from msgspec import Struct

from shared.errors import Invalid

DAY_MINUTES = 24 * 60
LEAST_WEEK_MINUTES = 60
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# so long before a year begins its public holidays are asked for
HOLIDAYS_AHEAD = timedelta(days=60)
_DAY = timedelta(days=1)
_AHEAD = timedelta(days=14)

DayKind = Literal["holiday", "shifted", "local"]
Closed = Literal["outside_hours", "break", "day_off", "holiday", "shifted", "local"]


class NoWorkingTime(Invalid):
    """A calendar by which nothing would ever be due."""


class OverlappingHours(Invalid):
    """Two working hours of one day overlap, touch or stand in the wrong order."""


class DayGivenTwice(Invalid):
    """A calendar says two things of one day."""


class Hours(Struct, frozen=True, kw_only=True):
    """Working hours, in minutes from local midnight; ``end`` is not in them (1440: midnight)."""

    start: int
    end: int


class SpecialDay(Struct, frozen=True, kw_only=True):
    """A day with hours of its own, none when it is off.

    ``kind``: a public holiday, a working day shifted to a weekend, or the community's own rule.
    """

    date: date
    hours: tuple[Hours, ...]
    kind: DayKind
    name: str


class Calendar(Struct, frozen=True, kw_only=True):
    """``zone``: an IANA name. ``week``: seven days of hours, from Monday. ``days``: by date.

    Everything is spelt out: neither a newer list of holidays nor another default changes what was
    written down.
    """

    zone: str
    week: tuple[tuple[Hours, ...], ...]
    days: tuple[SpecialDay, ...] = ()


class Slice(Struct, frozen=True):
    """Part of the time, all working or all not; ``name`` is the special day's."""

    start: datetime
    end: datetime
    working: bool
    why: Closed | None
    name: str | None


def check(calendar: Calendar) -> Calendar:
    """The calendar, if one can work by it.

    Raises ``OverlappingHours``, ``DayGivenTwice``, ``NoWorkingTime`` or ``Invalid``.
    """
    if len(calendar.week) != len(WEEKDAYS):
        raise Invalid("A week has seven days.", fields={"week": ["Give seven days of hours."]})
    for weekday, hours in zip(WEEKDAYS, calendar.week, strict=True):
        _check_hours(hours, f"week.{weekday}")
    seen: set[date] = set()
    for each in calendar.days:
        field = f"days.{each.date.isoformat()}"
        if each.date in seen:
            raise DayGivenTwice(
                f"{field}: given twice", fields={field: ["This day is given twice."]}
            )
        seen.add(each.date)
        _check_hours(each.hours, field)
    worked = sum(each.end - each.start for hours in calendar.week for each in hours)
    if worked < LEAST_WEEK_MINUTES:
        text = f"A week needs at least {LEAST_WEEK_MINUTES} minutes of working time."
        raise NoWorkingTime(text, fields={"week": [text]})
    return calendar


def _check_hours(hours: Sequence[Hours], field: str) -> None:
    before = -1
    for each in hours:
        if not 0 <= each.start < each.end <= DAY_MINUTES:
            text = "Hours must end after they start, within one day."
            raise Invalid(f"{field}: {text}", fields={field: [text]})
        if each.start <= before:
            text = "Give the hours of a day in order, with a break between them."
            raise OverlappingHours(f"{field}: {text}", fields={field: [text]})
        before = each.end


def missing_holidays(calendar: Calendar, at: datetime) -> tuple[int, ...]:
    """The years, this one or the one about to begin, whose public holidays are worked through
    because nobody entered them; none where no year's ever were.
    """
    entered = _years_entered(calendar)
    if not entered:
        return ()
    today = at.astimezone(ZoneInfo(calendar.zone)).date()
    return tuple(sorted({today.year, (today + HOLIDAYS_AHEAD).year} - entered))


def holidays_missed_from(calendar: Calendar, at: datetime, behind: int = 0) -> datetime | None:
    """From when on, at the earliest ``at``, a year ``behind`` that one is missing; None where none
    ever will be.
    """
    entered = _years_entered(calendar)
    if not entered:
        return None
    zone = ZoneInfo(calendar.zone)
    year = max(at.astimezone(zone).year, behind + 1)
    while year in entered:
        year += 1
    first = date(year, 1, 1) - HOLIDAYS_AHEAD
    return max(at, datetime.combine(first, time.min, zone).astimezone(UTC))


def _years_entered(calendar: Calendar) -> set[int]:
    return {each.date.year for each in calendar.days if each.kind != "local"}


class Timetable:
    """A calendar made ready to be asked."""

    def __init__(self, calendar: Calendar) -> None:
        self._zone = ZoneInfo(calendar.zone)
        self._week = calendar.week
        self._days = {each.date: each for each in calendar.days}

    def slices(self, start: datetime, end: datetime) -> Iterator[Slice]:
        """The time from ``start`` to ``end`` (aware), cut where working time begins or ends."""
        for opened, closed, offset in self._steady(start.astimezone(UTC), end.astimezone(UTC)):
            wall, wall_end = _naive(opened, offset), _naive(closed, offset)
            midnight = datetime.combine(wall.date(), time.min)
            while midnight < wall_end:
                for first, last, working, why, name in self._parts(midnight.date()):
                    a = max(midnight + timedelta(minutes=first), wall)
                    b = min(midnight + timedelta(minutes=last), wall_end)
                    if a < b:
                        yield Slice(_aware(a, offset), _aware(b, offset), working, why, name)
                midnight += _DAY

    def after(self, start: datetime, amount: timedelta) -> datetime:
        """The first instant by which ``amount`` of working time has passed since ``start``."""
        left, at = amount, start.astimezone(UTC)
        if left <= timedelta(0):
            return at
        while True:
            for each in self.slices(at, at + _AHEAD):
                if each.working:
                    if each.end - each.start >= left:
                        return each.start + left
                    left -= each.end - each.start
            at += _AHEAD

    def _parts(self, day: date) -> Iterator[tuple[int, int, bool, Closed | None, str | None]]:
        """A day's 1440 minutes on the wall, cut at its hours."""
        special = self._days.get(day)
        hours = self._week[day.weekday()] if special is None else special.hours
        name = None if special is None else special.name
        if not hours:
            why: Closed = "day_off" if special is None else special.kind
            yield 0, DAY_MINUTES, False, why, name
            return
        before = 0
        for index, each in enumerate(hours):
            if before < each.start:
                yield before, each.start, False, "break" if index else "outside_hours", name
            yield each.start, each.end, True, None, name
            before = each.end
        if before < DAY_MINUTES:
            yield before, DAY_MINUTES, False, "outside_hours", name

    def _steady(
        self, start: datetime, end: datetime
    ) -> Iterator[tuple[datetime, datetime, timedelta]]:
        """The time cut where the zone's offset from UTC changes: at most once in 24 hours."""
        opened, offset = start, self._offset(start)
        at = start
        while at < end:
            following = min(at + _DAY, end)
            if self._offset(following) != offset:
                change = self._change(at, following, offset)
                if opened < change:
                    yield opened, change, offset
                opened, offset = change, self._offset(change)
            at = following
        if opened < end:
            yield opened, end, offset

    def _change(self, before: datetime, after: datetime, offset: timedelta) -> datetime:
        """The second at which the offset is no longer ``offset``."""
        low, high = int(before.timestamp()), int(after.timestamp()) + 1
        while high - low > 1:
            middle = (low + high) // 2
            if self._offset(datetime.fromtimestamp(middle, UTC)) == offset:
                low = middle
            else:
                high = middle
        return min(datetime.fromtimestamp(high, UTC), after)

    def _offset(self, at: datetime) -> timedelta:
        offset = at.astimezone(self._zone).utcoffset()
        assert offset is not None
        return offset


def _naive(at: datetime, offset: timedelta) -> datetime:
    return at.replace(tzinfo=None) + offset


def _aware(wall: datetime, offset: timedelta) -> datetime:
    return (wall - offset).replace(tzinfo=UTC)
