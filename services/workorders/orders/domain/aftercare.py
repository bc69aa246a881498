"""What follows the work: when its accepter is asked again, and how long it can be opened again."""

from __future__ import annotations

from datetime import timedelta

from msgspec import Struct


class Aftercare(Struct, frozen=True, kw_only=True):
    """Hours: from a repair to the reminder, from that to the check by staff, and from the
    acceptance, as recorded (a claimed time could be chosen), to the end of opening it again.
    """

    remind_hours: int = 72
    check_hours: int = 72
    reopen_hours: int = 72

    @property
    def reopen_within(self) -> timedelta:
        return timedelta(hours=self.reopen_hours)


# also of orders from before a community could say so
STANDARD = Aftercare()
