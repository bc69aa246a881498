"""Whether somebody may do work that takes a certificate."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from services.workorders.staff.domain.record import Certificate
from services.workorders.staff.domain.vocabulary import Skill


def certified(
    skill: Skill | None, required: bool, certificates: Iterable[Certificate], day: date
) -> bool:
    """``required``: the category's rule asks for one. Who has certificates for a skill, and none of
    them valid that day, may not use it in any case.
    """
    if skill is None:
        return True
    of_skill = [one for one in certificates if one.skill == skill]
    if not of_skill:
        return not required
    return any(one.valid(day) for one in of_skill)
