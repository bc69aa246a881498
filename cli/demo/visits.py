"""Whether they come at once, at a time agreed with the resident, or at a later date."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from itertools import islice
from random import Random
from typing import Any

from cli.demo import texts
from cli.demo.calendar import Window, desk_hours, local, minutes
from cli.demo.draws import Draws
from cli.demo.odds import BY_APPOINTMENT, DEFERRABLE, TECHNICIANS

_GRACE = timedelta(minutes=15)


class Visits(Draws):
    """Visits that are offered, chosen, moved and missed; work that is put off."""

    def _when(self, technician: str, at: datetime, length: timedelta) -> datetime:
        """The earliest that work may start; agreed upon from ``at`` on."""
        rng = Random(f"visit {self.number}")
        draw = rng.random()
        if self.kind == "complaint" or any(step.method == "start" for step in self.steps):
            return at
        if self.resident is not None and self.category in BY_APPOINTMENT and draw < 0.2:
            return self._by_appointment(technician, at, length, rng)
        if self.category in DEFERRABLE and draw > 0.86:
            return self._deferred(technician, at, rng)
        return at

    def _by_appointment(
        self, technician: str, at: datetime, length: timedelta, rng: Random
    ) -> datetime:
        window, at = self._agreed(technician, at, length, rng)
        if rng.random() < 0.25:
            window = self._moved(technician, window, at, length, rng)
        if rng.random() < 0.2:
            came = self._visit(technician, window[0], _GRACE)
            at = min(came + _GRACE, window[1])
            self._do(
                at, technician, "miss_visit", note=rng.choice(texts.MISSED[TECHNICIANS[technician]])
            )
            window, _ = self._agreed(technician, at, length, rng)
        return window[0]

    def _agreed(
        self, technician: str, at: datetime, length: timedelta, rng: Random
    ) -> tuple[Window, datetime]:
        """Offered by the dispatcher on the phone or by the technician, and chosen by evening."""
        at = desk_hours(at + minutes(3, 20, rng), rng)
        offered = list(islice(self._bookings[technician].windows(at, length), 3))
        self._bookings[technician].promise(*offered)
        who = rng.choice(("dispatcher", technician))
        self._do(at, who, "offer_visits", windows=[_told(one) for one in offered])
        at += minutes(5, 120, rng)
        chosen = rng.choices((1, 2, 3), (6, 3, 1))[0]
        offer = sum(step.method == "offer_visits" for step in self.steps)
        self._do(at, self._resident.login, "choose_visit", offer=offer, window=chosen)
        return offered[chosen - 1], at

    def _moved(
        self, technician: str, window: Window, agreed: datetime, length: timedelta, rng: Random
    ) -> Window:
        later = next(self._bookings[technician].windows(window[0], length))
        self._bookings[technician].promise(later)
        language = self._resident.language
        reasons = {
            self._resident.login: texts.MOVED_BY_RESIDENT[language],
            technician: texts.MOVED_BY_TECHNICIAN,
        }
        who = rng.choice(list(reasons))
        at = agreed + minutes(10, 60, rng)
        self._do(at, who, "move_visit", **_told(later), reason=rng.choice(reasons[who]))
        return later

    def _deferred(self, technician: str, at: datetime, rng: Random) -> datetime:
        """It goes on by itself in the morning of its date."""
        at = desk_hours(at + minutes(3, 20, rng), rng)
        until = local(at.date() + timedelta(days=rng.randint(2, 6)), time(7))
        who, reason = rng.choice(("dispatcher", technician)), rng.choice(texts.DEFERRALS)
        self._do(at, who, "defer", until=until.isoformat(), reason=reason)
        return until


def _told(window: Window) -> dict[str, Any]:
    starts, ends = window
    return {"starts": starts.isoformat(), "ends": ends.isoformat()}
