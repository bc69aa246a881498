"""What holds of the clock whatever happens."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from services.workorders.sla.domain.calendar import Calendar, Hours, Timetable
from services.workorders.sla.domain.clock import clock, reached
from services.workorders.sla.domain.happenings import Happening
from services.workorders.sla.domain.runs import Run
from tests.support.sla_cast import MINUTE, OFFICE, event, promises, rule
from tests.support.sla_lives import happenings, life

ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe",
         "America/Havana", "Africa/Casablanca")  # fmt: skip
# 6 hours around a change of the clocks happen at night, so these work at night
NIGHTS = (Hours(start=0, end=150), Hours(start=170, end=300), Hours(start=1200, end=1440))
TARGETS = promises(
    rule("respond", 60),
    rule("arrive", 90, "calendar"),
    rule("repair", 480),
    rule("repair", 200, "calendar", priority="urgent"),
    rule("repair", None, priority="low"),
    rule("accept", 300),
)
FIRST = datetime(2026, 1, 1, tzinfo=UTC)

calendars = st.builds(
    lambda zone, hours: Calendar(zone=zone, week=(*(hours,) * 6, ())),
    st.sampled_from(ZONES),
    st.sampled_from((OFFICE, NIGHTS, (Hours(start=0, end=1440),))),
)
lives = st.builds(
    lambda seed, minute: happenings(life(random.Random(seed), FIRST + minute * MINUTE)),
    st.integers(0, 10**6),
    st.integers(0, 525_600),
)
moments = st.integers(0, 20 * 24 * 60 * 60).map(lambda seconds: timedelta(seconds=seconds))


def _by_key(runs: tuple[Run, ...]) -> dict[tuple[str, int], Run]:
    return {(run.target, run.number): run for run in runs}


@given(lives, calendars, moments)
def test_the_intervals_partition_the_time_of_their_run(
    events: list[Happening], calendar: Calendar, later: timedelta
) -> None:
    for run in clock(events, calendar, TARGETS, events[0].at + later):
        edges = [run.start]
        for each in run.intervals:
            assert each.start == edges[-1] < each.end
            edges.append(each.end)
        assert edges[-1] == run.end
        counted = sum((each.length for each in run.intervals if each.counted), timedelta())
        assert run.consumed == counted


@given(lives, calendars, moments, moments)
def test_what_is_consumed_never_shrinks_as_time_goes_on(
    events: list[Happening], calendar: Calendar, one: timedelta, other: timedelta
) -> None:
    first, second = sorted((one, other))
    before = _by_key(clock(events, calendar, TARGETS, events[0].at + first))
    after = _by_key(clock(events, calendar, TARGETS, events[0].at + second))
    assert before.keys() <= after.keys()
    assert all(before[key].consumed <= after[key].consumed for key in before)


@given(lives, calendars, moments, st.lists(st.integers(0, 12), max_size=6))
def test_events_that_do_not_concern_the_clock_change_nothing_wherever_they_stand(
    events: list[Happening], calendar: Calendar, later: timedelta, places: list[int]
) -> None:
    asked = events[0].at + later
    mixed = list(events)
    for number, place in enumerate(places):
        # claimed at any time, even after what comes next
        moment = events[0].at + timedelta(days=number)
        mixed.insert(1 + place % len(mixed), event("WorkOrderReminded", moment))
    relevant = [each for each in mixed if each.type != "WorkOrderReminded"]
    assert relevant == events
    assert clock(mixed, calendar, TARGETS, asked) == clock(events, calendar, TARGETS, asked)


@given(lives, calendars, moments)
def test_what_is_promised_for_then_is_what_is_found_then(
    events: list[Happening], calendar: Calendar, later: timedelta
) -> None:
    """If nothing else happens, the due time foretold is the moment at which all is used up."""
    asked = events[0].at + later
    seen = [each for each in events if each.at <= asked]
    for run in clock(seen, calendar, TARGETS, asked):
        foretold = reached(run, 100, calendar) if run.open else None
        if foretold is not None and foretold > asked and run.limit:
            assert run.due == (foretold if run.state == "running" else None)
            (then,) = [
                each
                for each in clock(seen, calendar, TARGETS, foretold)
                if (each.target, each.number) == (run.target, run.number)
            ]
            assert then.consumed == run.limit.amount and not then.breached
            late = [
                each.breached
                for each in clock(seen, calendar, TARGETS, foretold + MINUTE)
                if (each.target, each.number) == (run.target, run.number)
            ]
            assert late == [True]


@given(st.sampled_from(ZONES), st.integers(0, 365 * 24 * 60), st.integers(1, 3000))
def test_working_time_is_what_the_clock_on_the_wall_says_in_every_zone(
    zone: str, minute: int, length: int
) -> None:
    timetable = Timetable(Calendar(zone=zone, week=(*(NIGHTS,) * 6, ())))
    start = FIRST + minute * MINUTE
    found = sum(
        (each.end - each.start for each in timetable.slices(start, start + length * MINUTE)
         if each.working),
        timedelta(),
    )  # fmt: skip
    walls = [(start + n * MINUTE).astimezone(ZoneInfo(zone)) for n in range(length)]
    wanted = sum(
        wall.weekday() < 6
        and any(one.start <= wall.hour * 60 + wall.minute < one.end for one in NIGHTS)
        for wall in walls
    )
    assert found == wanted * MINUTE


@settings(max_examples=60)
@given(st.sampled_from(ZONES), st.integers(0, 365 * 24 * 60), st.integers(1, 2000))
def test_after_and_slices_agree(zone: str, minute: int, length: int) -> None:
    timetable = Timetable(Calendar(zone=zone, week=(*(OFFICE,) * 5, (), ())))
    start = FIRST + minute * MINUTE
    end = timetable.after(start, length * MINUTE)
    worked = sum(
        (each.end - each.start for each in timetable.slices(start, end) if each.working),
        timedelta(),
    )
    assert worked == length * MINUTE
