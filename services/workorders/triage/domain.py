"""How words make suggestions, and how alike two reports are. Pure; nothing here decides for
anybody: people choose category and priority.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal, get_args

from msgspec import Struct

Priority = Literal["urgent", "high", "normal", "low"]
PRIORITIES: tuple[Priority, ...] = get_args(Priority)
# what is said of danger counts, however much else is said
_FIRST: tuple[Priority, ...] = ("urgent", "low", "high")

LIKELY = 60
RECENT = timedelta(days=7)


class Rules(Struct, frozen=True, kw_only=True):
    """Words and what they weigh: by ``<kind>/<category>``, and by priority. English ones are in
    lower case.
    """

    categories: dict[str, dict[str, int]]
    priorities: dict[str, dict[str, int]]

    def words(self) -> frozenset[str]:
        tables = (*self.categories.values(), *self.priorities.values())
        return frozenset(word for table in tables for word in table)


class CategorySuggestion(Struct, frozen=True, kw_only=True):
    """``score``: its share of all that matched, in percent. ``words``: what matched, as in the
    rules.
    """

    kind: str
    category: str
    score: int
    words: tuple[str, ...]


class PrioritySuggestion(Struct, frozen=True, kw_only=True):
    priority: Priority
    words: tuple[str, ...]


def categories(
    words: Iterable[str], rules: Rules, kind: str | None = None
) -> list[CategorySuggestion]:
    """The categories (of one ``kind``, if given) that words of a report speak for, the best
    first.
    """
    found = sorted(set(words))
    weighed: dict[str, tuple[int, tuple[str, ...]]] = {}
    for name, table in rules.categories.items():
        matched = tuple(word for word in found if word in table)
        if matched and kind in (None, name.partition("/")[0]):
            weighed[name] = (sum(table[word] for word in matched), matched)
    total = sum(weight for weight, _ in weighed.values())
    ranked = sorted(weighed.items(), key=lambda one: (-one[1][0], one[0]))
    return [
        CategorySuggestion(
            kind=name.partition("/")[0],
            category=name.partition("/")[2],
            score=100 * weight // total,
            words=matched,
        )
        for name, (weight, matched) in ranked
    ]


def priority(words: Iterable[str], rules: Rules) -> PrioritySuggestion:
    """Danger first; then whoever says it can wait is believed; normal without a word of it."""
    found = sorted(set(words))
    for name in _FIRST:
        matched = tuple(word for word in found if word in rules.priorities.get(name, {}))
        if matched:
            return PrioritySuggestion(priority=name, words=matched)
    return PrioritySuggestion(priority="normal", words=())


class Report(Struct, frozen=True, kw_only=True):
    """A report as far as it says where and when something is."""

    kind: str
    category: str | None
    building: str | None
    unit: str | None
    at: datetime


def likeness(new: Report, old: Report, text: int) -> int:
    """How likely it is that both are about one thing, from 0 to 100; likely from ``LIKELY`` on.

    Half of it is the text (``text``: how alike, 0 to 100), the rest place, category and time.
    """
    if new.kind != old.kind or new.building != old.building:
        return 0
    apart = abs(new.at - old.at)
    if apart > RECENT:
        return 0
    place = 20 if new.unit == old.unit else 10
    category = 15 if new.category in (None, old.category) else 0
    time = 15 * ((RECENT - apart) // timedelta(hours=1)) // (RECENT // timedelta(hours=1))
    return text // 2 + place + category + time
