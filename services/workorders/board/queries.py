"""Reading the open orders, limited to what the caller may see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from services.workorders.board.domain import LANES, lane
from services.workorders.orders.views.order_board.projection import ORDER_BOARD, Row
from services.workorders.orders.views.order_board.queries import literal, visible
from shared.following.reader import Reader
from shared.identity.caller import Caller

_EQUAL = ("community", "building", "kind", "category", "technician")
_OPEN = tuple(dict.fromkeys(state for states, _ in LANES.values() for state in states))
Asked = Mapping[str, Any]


def counts(reader: Reader, caller: Caller, asked: Asked) -> dict[str, int]:
    """How many orders a lane has; without those that have none."""
    where, params = _where(caller, asked, _OPEN)
    found: dict[str, int] = defaultdict(int)
    for (state, activity), count in reader.counts(
        ORDER_BOARD, by=("state", "activity"), where=where, params=params
    ).items():
        name = lane(state, activity)
        if name is not None:
            found[name] += count
    return dict(found)


def oldest(reader: Reader, caller: Caller, asked: Asked, name: str) -> list[Row]:
    states, activity = LANES[name]
    where, params = _where(caller, asked, states)
    where += " AND activity = :activity"
    params["activity"] = activity
    found: list[Row] = reader.rows(
        ORDER_BOARD, where=where, params=params, order="submitted_at, key", limit=asked["limit"]
    )
    return found


def open_ones(reader: Reader, caller: Caller, asked: Asked, most: int) -> list[Row]:
    """Of every lane, the oldest first."""
    where, params = _where(caller, asked, _OPEN)
    found: list[Row] = reader.rows(
        ORDER_BOARD, where=where, params=params, order="submitted_at, key", limit=most
    )
    return found


def loads(reader: Reader, caller: Caller, community: str | None) -> dict[str, dict[str, int]]:
    """What each technician has in hand, by activity."""
    parts, params = visible(caller)
    parts.append("state = :state AND technician IS NOT NULL")
    params["state"] = "dispatched"
    if community is not None:
        parts.append("community = :community")
        params["community"] = community
    found: dict[str, dict[str, int]] = {}
    for (technician, activity), count in reader.counts(
        ORDER_BOARD, by=("technician", "activity"), where=" AND ".join(parts), params=params
    ).items():
        empty = {"waiting": 0, "working": 0, "paused": 0}
        found.setdefault(technician, empty)[activity] = count
    return found


def _where(caller: Caller, asked: Asked, states: Sequence[str]) -> tuple[str, dict[str, Any]]:
    parts, params = visible(caller)
    parts.append(_among("state", states, params))
    for name in _EQUAL:
        if asked[name] is not None:
            parts.append(f"{name} = :{name}")
            params[name] = asked[name]
    if asked["before"] is not None:
        parts.append("submitted_at < :before")
        params["before"] = asked["before"]
    if asked["check_due"]:
        parts.append("check_due = :yes")
        params["yes"] = True
    if asked["mine"]:
        names = ("taken_by", "dispatcher", "reporter", "accepter", "technician")
        parts.append(f"({' OR '.join(f'{name} = :mine' for name in names)})")
        params["mine"] = caller.person
    named = _named(asked, params)
    if named:
        parts.append(f"({' OR '.join(named)})")
    return " AND ".join(parts), params


def _named(asked: Asked, params: dict[str, Any]) -> list[str]:
    found = []
    if asked["number"] is not None:
        found.append("upper(number) LIKE :number")
        params["number"] = f"%{literal(asked['number'].strip().upper())}%"
    if asked["units"]:
        found.append(_among("unit", asked["units"], params))
    if asked["people"]:
        found += [
            _among(name, asked["people"], params) for name in ("reporter", "accepter", "technician")
        ]
    return found


def _among(name: str, values: Sequence[str], params: dict[str, Any]) -> str:
    marks = {f"{name}_{number}": value for number, value in enumerate(values)}
    params.update(marks)
    return f"{name} IN ({', '.join(f':{mark}' for mark in marks)})"
