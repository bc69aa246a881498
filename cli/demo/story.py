"""The plan of a month: who does what to which order, and when. Pure, from the seed alone.

An order's fate is drawn when it is submitted, its times from the calendars of those who work on it.
What would happen after the month's end does not: that is the backlog.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from cli.demo.calendar import Bookings, local
from cli.demo.inquiries import inquiries
from cli.demo.life import Life
from cli.demo.odds import TECHNICIANS
from cli.demo.step import Step

FIRST_DAY = date(2026, 3, 1)
# how many reports come in each hour of the day, in proportion
_HOURS = (1, 1, 0, 0, 0, 1, 4, 9, 12, 11, 9, 7, 6, 6, 7, 7, 8, 9, 11, 12, 10, 7, 4, 2)
# what makes an order worth showing
_TELLING = frozenset({"accept_quote", "choose_visit", "pay", "rate", "reject", "record_follow_up"})


@dataclass(frozen=True)
class Story:
    """``fates``: by order. ``steps`` in time order, from ``begin`` up to ``end``."""

    begin: datetime
    end: datetime
    steps: list[Step]
    fates: list[str]

    @property
    def eventful(self) -> int:
        """The order with the most different things happening to it: best with a quote, a visit,
        money, stars and a follow-up.
        """
        methods: dict[int, set[str]] = {}
        for step in self.steps:
            if step.order < len(self.fates):
                methods.setdefault(step.order, set()).add(step.method)
        return max(
            methods,
            key=lambda order: (len(methods[order] & _TELLING), len(methods[order]), -order),
        )


def plan(seed: int, days: int, orders: int) -> Story:
    begin = local(FIRST_DAY, time())
    end = begin + timedelta(days=days)
    first = Random(f"{seed}:times")
    moments = sorted(_submission(begin, days, first) for _ in range(orders))
    bookings = {name: Bookings() for name in TECHNICIANS}
    steps: list[Step] = []
    fates: list[str] = []
    for number, moment in enumerate(moments):
        # Whatever was reported a day before has been taken down by now.
        known = bisect_left(moments, moment - timedelta(days=1))
        life = Life(number, moment, known, Random(f"{seed}:{number}"), bookings)
        fates.append(life.fate)
        steps += life.steps
    steps += inquiries(begin, end, orders, Random(f"{seed}:inquiries"))
    steps.sort(key=lambda step: (step.at, step.order))
    return Story(begin, end, [step for step in steps if step.at < end], fates)


def _submission(begin: datetime, days: int, rng: Random) -> datetime:
    hour = rng.choices(range(24), _HOURS)[0]
    return begin + timedelta(days=rng.randrange(days), hours=hour, seconds=rng.randrange(3600))
