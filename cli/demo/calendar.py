"""When people of the demo work: technicians' bookings, dispatchers' rounds. Pure."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
_SHIFTS = ((time(8, 30), time(12, 0)), (time(13, 30), time(17, 30)))
_ROUNDS = (time(8, 10), time(9, 40), time(11, 10), time(13, 40), time(15, 20), time(17, 0))
_DESK = (time(8, 0), time(18, 0))
# what is offered to residents for a visit
_WINDOWS = ((time(9), time(11)), (time(14), time(16)))

Window = tuple[datetime, datetime]


def local(day: date, at: time) -> datetime:
    return datetime.combine(day, at, ZONE)


class Bookings:
    """One technician's jobs: none overlap, all lie within working hours."""

    def __init__(self) -> None:
        self._busy: list[tuple[datetime, datetime]] = []
        self._promised: set[Window] = set()

    def first_free(self, after: datetime, length: timedelta) -> datetime:
        """When a job of this length (of half a shift at most) can begin."""
        for begin, end in _shifts(after.date()):
            start = max(after, begin)
            for busy, free in self._busy:
                if busy >= start + length:
                    break
                start = max(start, free)
            if start + length <= end:
                return start
        raise AssertionError("days do not end")

    def windows(self, after: datetime, length: timedelta) -> Iterator[Window]:
        """Those of the days after this one in which a job of this length can begin, and that were
        not offered to anybody else.
        """
        day = after.date()
        while True:
            day += timedelta(days=1)
            for begin, end in _WINDOWS:
                starts, ends = local(day, begin), local(day, end)
                free = (starts, ends) not in self._promised
                if free and self.first_free(starts, length) < ends:
                    yield starts, ends

    def promise(self, *windows: Window) -> None:
        """They are offered to somebody: nobody else is to choose them."""
        self._promised.update(windows)

    def book(self, start: datetime, length: timedelta) -> None:
        insort(self._busy, (start, start + length))


def next_round(after: datetime, rng: Random) -> datetime:
    """The dispatcher's next look at what has come in; within one round, some minutes apart."""
    day = after.date()
    while True:
        for at in _ROUNDS:
            begin = local(day, at)
            if begin >= after:
                return begin + timedelta(seconds=rng.randrange(480))
        day += timedelta(days=1)


def desk_hours(moment: datetime, rng: Random) -> datetime:
    """The moment itself, or one of the next morning where nobody answers the phone then."""
    opens, closes = _DESK
    if opens <= moment.timetz().replace(tzinfo=None) < closes:
        return moment
    day = moment.date() + timedelta(days=moment.time() >= closes)
    return local(day, opens) + timedelta(minutes=rng.randrange(150), seconds=rng.randrange(60))


def minutes(low: int, high: int, rng: Random) -> timedelta:
    return timedelta(seconds=rng.randint(low * 60, high * 60))


def _shifts(day: date) -> Iterator[tuple[datetime, datetime]]:
    while True:
        for begin, end in _SHIFTS:
            yield local(day, begin), local(day, end)
        day += timedelta(days=1)
