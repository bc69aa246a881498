"""How both queries answer: a total, and a row a group."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import msgspec

from services.analytics.selection import Group, Selection, in_order
from shared.errors import Invalid

MOST_GROUPS = 1000
T = TypeVar("T")


def selection_of(data: Mapping[str, Any]) -> Selection:
    return Selection(
        group_by=tuple(data["group_by"]),
        since=data["since"],
        until=data["until"],
        time_zone=data["time_zone"],
    )


def answer(
    selection: Selection,
    total: T,
    groups: Mapping[Group, T],
    figures: Callable[[T], dict[str, Any]],
) -> dict[str, Any]:
    """``{"total": {figures}, "groups": [{dimensions and figures}], "from", "to", "time_zone"}``.

    Raises ``Invalid`` where there are more than 1,000 groups.
    """
    if len(groups) > MOST_GROUPS:
        text = f"This makes {len(groups)} groups; {MOST_GROUPS} at most are answered."
        raise Invalid(f"{text} Group by less, or narrow the question.", fields={"group_by": [text]})
    named = [
        {**dict(zip(selection.group_by, group, strict=True)), **figures(groups[group])}
        for group in in_order(groups)
    ]
    return {
        "total": figures(total),
        "groups": named if selection.group_by else [],
        "from": msgspec.to_builtins(selection.since),
        "to": msgspec.to_builtins(selection.until),
        "time_zone": selection.time_zone,
    }
