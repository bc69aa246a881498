"""Figures counted straight from the events, one by one, in the plainest way.

What views and SQL answer must equal it. Figures come by group, those of all together under ``ALL``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from shared.messaging.envelope import Fact

ALL = None
Group = tuple[Any, ...]
Figures = dict[Group | None, dict[str, Any]]
PERCENTS = (50, 90, 95)
ENDS = {"Repaired", "Declined", "Cancelled", "Merged"}
AGAIN = {"Rejected", "Reopened"}


def satisfaction(facts: Iterable[Fact], asked: Mapping[str, Any]) -> Figures:
    rated: list[tuple[Group, int]] = []
    accepted: list[tuple[Group, bool]] = []
    for events in _by_order(facts).values():
        first = events[0]
        acts = [fact for fact in events if _short(fact) in ("Accepted", "Rated")]
        for fact, following in zip(acts, [*acts, None][1:], strict=True):
            technician = fact.data["technician"]
            if not _asked_for(asked, first, technician) or not _inside(asked, fact.occurred_at):
                continue
            group = _group_of(asked, first, technician, fact.occurred_at)
            if _short(fact) == "Rated":
                rated.append((group, fact.data["stars"]))
            elif not fact.data["checked"]:
                accepted.append((group, following is not None and _short(following) == "Rated"))
    found: Figures = {}
    for each in _groups(asked, (group for group, _ in (*rated, *accepted))):
        stars = [n for g, n in rated if each in (ALL, g)]
        asks = [yes for g, yes in accepted if each in (ALL, g)]
        found[each] = {
            "count": len(stars),
            "distribution": {str(n): stars.count(n) for n in range(1, 6)},
            "mean": _rounded(sum(stars), len(stars), 100),
            "share_of_4_and_5": _rounded(sum(n >= 4 for n in stars), len(stars), 10_000),
            "accepted": len(asks),
            "answered": sum(asks),
            "response_rate": _rounded(sum(asks), len(asks), 10_000),
        }
    return found


def efficiency(
    facts: Iterable[Fact], asked: Mapping[str, Any], at: datetime, *, include_imported: bool
) -> Figures:
    counted: list[tuple[Group, dict[str, Any]]] = []
    waiting: list[tuple[Group, dict[str, Any]]] = []
    for events in _by_order(facts).values():
        one = _story(_without_mistakes(events), at)
        if not _asked_for(asked, one["first"], one["technician"]):
            continue
        if one["imported"] and not include_imported:
            continue
        if one["ended"] == "Merged" or one["relation"] == "part_of":
            continue
        group = _group_of(asked, one["first"], one["technician"], one["begun"])
        if _inside(asked, one["begun"]):
            counted.append((group, one))
        if one["open"] and (
            _inside(asked, one["begun"]) or not {"month", "day"} & set(asked["group_by"])
        ):
            waiting.append((group, one))
    return {
        group: _efficiency_of(
            [one for g, one in counted if group in (ALL, g)],
            [one for g, one in waiting if group in (ALL, g)],
            at,
        )
        for group in _groups(asked, (group for group, _ in (*counted, *waiting)))
    }


def answered(answer: Mapping[str, Any], asked: Mapping[str, Any], expected: Figures) -> Figures:
    """The figures of a service's answer, as far as they are ``expected`` here."""
    found: Figures = {ALL: answer["total"]}
    for group in answer["groups"]:
        found[tuple(group[dimension] for dimension in asked["group_by"])] = group
    names = expected[ALL].keys()
    return {group: {name: one[name] for name in names} for group, one in found.items()}


def _efficiency_of(
    mine: Sequence[dict[str, Any]], open_now: Sequence[dict[str, Any]], at: datetime
) -> dict[str, Any]:
    found: dict[str, Any] = {"count": len(mine)}
    for name in ("to_dispatch", "to_first_repair", "to_last_repair", "to_accept"):
        values = [moment - one["begun"] for one in mine for moment in one[name]]
        percentiles = {f"p{percent}": _seconds(values, percent) for percent in PERCENTS}
        found[name] = {"count": len(values), **percentiles}
    found["steps"] = {}
    for name, begin, end in (
        ("dispatch", "submitted", "to_dispatch"),
        ("repair", "to_dispatch", "to_last_repair"),
        ("accept", "to_last_repair", "to_accept"),
    ):
        values = [
            max(until - since, timedelta(0))
            for one in mine
            for since, until in zip(one[begin], one[end], strict=False)
        ]
        percentiles = {f"p{percent}": _seconds(values, percent) for percent in PERCENTS}
        found["steps"][name] = {"count": len(values), **percentiles}
    repaired = [one for one in mine if one["to_first_repair"]]
    redone = sum(one["redone"] for one in repaired)
    found["repaired"] = len(repaired)
    found["first_time_fixed"] = len(repaired) - redone
    found["first_time_fix_share"] = _rounded(len(repaired) - redone, len(repaired), 10_000)
    found["rework_share"] = _rounded(redone, len(repaired), 10_000)
    for name in ("cancelled", "declined"):
        ended = sum(one["ended"] == name.title() for one in mine)
        found[name] = ended
        found[f"{name}_share"] = _rounded(ended, len(mine), 10_000)
    again = sum(one["again"] for one in mine)
    found["follow_ups"] = again
    found["follow_up_share"] = _rounded(again, len(mine), 10_000)
    ages = [at - one["begun"] for one in open_now]
    oldest = min(
        open_now, key=lambda one: (one["begun"], one["first"].data["number"]), default=None
    )
    found["backlog"] = {
        "count": len(ages),
        "age_p50": _seconds(ages, 50),
        "age_max": max(ages).total_seconds() if ages else None,
        "oldest": oldest["first"].data["number"] if oldest else None,
        "ages": [
            {"from": low, "to": high, "count": sum(_within(age, low, high) for age in ages)}
            for low, high in ((0, 1), (1, 3), (3, 7), (7, 30), (30, None))
        ],
    }
    return found


def _within(age: timedelta, low: int, high: int | None) -> bool:
    return timedelta(days=low) <= age and (high is None or age < timedelta(days=high))


def _story(events: Sequence[Fact], at: datetime) -> dict[str, Any]:
    """What an order's figures are made of, told from its events in the plainest way."""
    first = events[0]
    imported = _short(first) == "Imported"
    begun = datetime.fromisoformat(first.data["submitted_at"]) if imported else first.occurred_at
    closed = imported and first.data["state"] == "repaired"
    closed_at = datetime.fromisoformat(first.data["closed_at"]) if closed else begun
    done = [closed_at] if closed else []
    technician = None
    changes = [(begun, True)] + ([(closed_at, False)] if closed else [])
    for fact in events[1:]:
        name = _short(fact)
        if name in ("Dispatched", "Transferred", "Repaired"):
            technician = fact.data["technician"]
        if name in ("HandedBack", "Appealed"):
            technician = None
        if name == "Repaired":
            done.append(fact.occurred_at)
        if name in ENDS:
            changes.append((fact.occurred_at, False))
        if name in AGAIN | {"Appealed"}:
            changes.append((fact.occurred_at, True))
    moments = {
        name: [fact.occurred_at for fact in events if _short(fact) == name]
        for name in ("Dispatched", "Accepted", "Rejected", "Reopened")
    }
    relation = (first.data.get("origin") or {}).get("relation")
    last = [fact for fact in events if _short(fact) in ("Accepted", "Reopened")][-1:]
    until_now = [is_open for moment, is_open in changes if moment <= at]
    return {
        "begun": begun,
        "first": first,
        "imported": imported,
        "technician": technician,
        "submitted": [begun],
        "to_dispatch": moments["Dispatched"][:1],
        "to_first_repair": done[:1],
        "to_last_repair": done[-1:],
        "to_accept": [fact.occurred_at for fact in last if _short(fact) == "Accepted"],
        "relation": relation,
        "again": relation == "follows_up",
        "redone": bool(moments["Rejected"] or moments["Reopened"]),
        "ended": _short(events[-1]),
        "open": bool(until_now) and until_now[-1],
    }


def _without_mistakes(events: Sequence[Fact]) -> list[Fact]:
    """A merge that was taken back has never been."""
    found: list[Fact] = []
    for fact in events:
        if _short(fact) == "Unmerged":
            found.pop()
        else:
            found.append(fact)
    return found


def _by_order(facts: Iterable[Fact]) -> dict[str, list[Fact]]:
    found: dict[str, list[Fact]] = {}
    for fact in facts:
        found.setdefault(fact.subject, []).append(fact)
    return found


def _short(fact: Fact) -> str:
    return fact.type.removeprefix("WorkOrder")


def _inside(asked: Mapping[str, Any], moment: datetime) -> bool:
    after = "from" not in asked or moment >= datetime.fromisoformat(asked["from"])
    return after and ("to" not in asked or moment < datetime.fromisoformat(asked["to"]))


def _asked_for(asked: Mapping[str, Any], first: Fact, technician: str | None) -> bool:
    found = {**first.data, "community": first.community, "technician": technician}
    narrowing = ("community", "building", "category", "kind", "channel", "technician")
    return all(asked.get(name, found[name]) == found[name] for name in narrowing)


def _group_of(
    asked: Mapping[str, Any], first: Fact, technician: str | None, moment: datetime
) -> Group:
    local = moment.astimezone(ZoneInfo(asked["time_zone"]))
    times = {"month": local.strftime("%Y-%m"), "day": local.strftime("%Y-%m-%d")}
    found = {**first.data, "community": first.community, "technician": technician, **times}
    return tuple(found[name] for name in asked["group_by"])


def _groups(asked: Mapping[str, Any], found: Iterable[Group]) -> list[Group | None]:
    return [ALL, *(dict.fromkeys(found) if asked["group_by"] else ())]


def _seconds(values: Sequence[timedelta], percent: int) -> float | None:
    ordered = sorted(values)
    for value in ordered:
        if 100 * sum(other <= value for other in ordered) >= percent * len(ordered):
            return value.total_seconds()
    return None


def _rounded(part: int, whole: int, steps: int) -> float | None:
    """Half up to ``1 / steps``; None of nothing."""
    return math.floor(Fraction(part, whole) * steps + Fraction(1, 2)) / steps if whole else None
