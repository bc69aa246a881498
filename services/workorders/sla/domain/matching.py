"""Which of several rules holds for an order: the most particular one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from services.workorders.orders.domain.categories import CATEGORIES
from services.workorders.orders.domain.vocabulary import KINDS, Kind

Rule = TypeVar("Rule")

# category goes before priority, priority before kind
_WORTH = {"category": 4, "priority": 2, "kind": 1}


def most_particular(rules: Iterable[Rule], **found: str) -> Rule | None:
    """Of those that match ``kind``, ``category`` and so on; None in a field of a rule matches all,
    and of equals the first one holds.
    """
    best: tuple[int, Rule] | None = None
    for rule in rules:
        weight = 0
        for name, value in found.items():
            wanted = getattr(rule, name)
            if wanted is None:
                continue
            if wanted != value:
                break
            weight += _WORTH[name]
        else:
            if best is None or weight > best[0]:
                best = weight, rule
    return None if best is None else best[1]


def is_category(kind: Kind | None, category: str) -> bool:
    """Whether there is such a category, of this kind or of any."""
    kinds = KINDS if kind is None else (kind,)
    return any(category in CATEGORIES.get(one, ()) for one in kinds)
