"""Suggestions, questions and praise beside the orders, most of them answered. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from random import Random

from cli.community import RESIDENTS
from cli.demo import texts
from cli.demo.calendar import desk_hours
from cli.demo.step import Step

_KINDS = {"suggestion": 4, "question": 4, "praise": 2}
_EVERY = timedelta(days=4)


def inquiries(begin: datetime, end: datetime, first: int, rng: Random) -> Iterable[Step]:
    """One every few days; ``first``: its number."""
    number, day = first, begin
    while day < end:
        at = day + timedelta(hours=rng.uniform(8, 22))
        at = at.replace(microsecond=0)
        member = rng.choice(RESIDENTS)
        kind = rng.choices(list(_KINDS), list(_KINDS.values()))[0]
        text, answer = rng.choice(texts.INQUIRIES[member.language][kind])
        asked = {"kind": kind, "unit": member.unit, "text": text}
        yield Step(at, member.login, "workorders", "submit_inquiry", number, asked)
        if rng.random() < 0.85:
            at = desk_hours(at + timedelta(hours=rng.uniform(1, 30)), rng).replace(microsecond=0)
            who = rng.choice(("dispatcher", "manager"))
            yield Step(at, who, "workorders", "answer_inquiry", number, {"answer": answer})
        number, day = number + 1, day + _EVERY
