"""A year of orders, each judged by the clock and, minute by minute, by the oracle."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from services.workorders.sla.domain.calendar import Calendar, Hours, SpecialDay, check
from services.workorders.sla.domain.clock import clock
from services.workorders.sla.domain.targets import Rule, Targets, Waits
from services.workorders.sla.domain.waits import WAIT_REASONS
from tests.support.sla_lives import happenings, life
from tests.support.sla_oracle import MINUTE, Expected, WallClock, expected

DAY = (("08:30", "12:00"), ("13:30", "17:30"))
SHORT = (("09:00", "12:00"),)
NIGHT = (("00:00", "04:30"), ("22:00", "24:00"))
# where, the hours by weekday, the days that differ
PLACES = {
    "Asia/Shanghai": (
        {**dict.fromkeys(range(5), DAY), 5: SHORT},
        {
            **{date(2026, 2, 15) + timedelta(days=n): () for n in range(9)},
            date(2026, 2, 14): DAY,
            date(2026, 5, 1): (),
            date(2026, 9, 20): DAY,
        },
    ),
    "Europe/Berlin": (
        dict.fromkeys(range(7), NIGHT),
        {date(2026, 12, 25): (), date(2026, 10, 25): (("01:30", "02:30"),)},
    ),
    "Australia/Lord_Howe": ({6: (("00:00", "24:00"),), 0: DAY}, {date(2026, 4, 6): ()}),
}
PROMISES = {
    ("respond", "urgent"): (15, "calendar"),
    ("respond", "normal"): (120, "working"),
    ("respond", "high"): (120, "working"),
    ("arrive", "urgent"): (60, "calendar"),
    ("arrive", "high"): (240, "working"),
    ("arrive", "normal"): (480, "working"),
    ("repair", "urgent"): (240, "calendar"),
    ("repair", "high"): (480, "working"),
    ("repair", "normal"): (1440, "working"),
    ("repair", "low"): (2400, "calendar"),
    ("accept", "urgent"): (600, "working"),
    ("accept", "high"): (600, "working"),
    ("accept", "normal"): (4320, "calendar"),
}
STOPPING = ("parts", "supplier")
# a target to each, and one to none of them
WAITS = Waits(
    visit=("arrive", "repair"), quote=("respond", "repair"), deferral=("respond", "arrive")
)
STOPS = {
    "respond": frozenset({*STOPPING, "quote", "deferred"}),
    "arrive": frozenset({*STOPPING, "visit", "deferred"}),
    "repair": frozenset({*STOPPING, "visit", "quote"}),
    "accept": frozenset(STOPPING),
}
ORDERS = 200


def _minutes(clock_text: str) -> int:
    hours, minutes = clock_text.split(":")
    return int(hours) * 60 + int(minutes)


def _hours(pairs: tuple[tuple[str, str], ...]) -> tuple[Hours, ...]:
    return tuple(Hours(start=_minutes(start), end=_minutes(end)) for start, end in pairs)


def _calendar(zone: str) -> Calendar:
    week, days = PLACES[zone]
    return check(
        Calendar(
            zone=zone,
            week=tuple(_hours(week.get(weekday, ())) for weekday in range(7)),
            days=tuple(
                SpecialDay(date=day, hours=_hours(hours), kind="local", name="")
                for day, hours in days.items()
            ),
        )
    )


TARGETS = Targets(
    rules=tuple(
        Rule(target=target, priority=priority, minutes=minutes, time=kind)  # type: ignore[arg-type]
        for (target, priority), (minutes, kind) in PROMISES.items()
    ),
    stopping=STOPPING,
    waits=WAITS,
)


@pytest.mark.parametrize("zone", PLACES)
def test_a_year_of_orders_is_judged_as_the_oracle_does(zone: str) -> None:
    rng = random.Random(zone)
    week, days = PLACES[zone]
    wall, calendar = WallClock(zone, week, days), _calendar(zone)
    judged = breached = 0
    stopped: Counter[str] = Counter()
    for number in range(ORDERS):
        start = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(
            minutes=(number * 525_600) // ORDERS + rng.randint(0, 4000)
        )
        events = life(rng, start)
        at = start + timedelta(minutes=rng.randint(0, 6000))
        if rng.random() < 0.2:
            at = rng.choice(events)[0]
        seen = [each for each in events if each[0] <= at]
        wanted = expected(seen, wall, lambda *key: PROMISES.get(key), STOPS, at)
        runs = clock(happenings(events), calendar, TARGETS, at)
        found = {
            (run.target, run.number): Expected(
                run.consumed // MINUTE, run.due, run.breached, run.state in ("met", "ended")
            )
            for run in runs
        }
        assert found == wanted, (events, at)
        judged += len(found)
        breached += sum(run.breached for run in runs)
        stopped.update(reason for run in runs for reason in run.paused)
    assert judged > ORDERS and breached > ORDERS // 4
    assert min(stopped[why] for why in ("deferred", *WAIT_REASONS)) > ORDERS // 10, stopped
