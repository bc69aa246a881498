"""Reading bills: one, or a page of those a caller may see, the newest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from services.billing.bills.views.bills.projection import BILLS, Row
from services.billing.permissions import READERS
from shared.following.reader import Reader
from shared.identity.caller import EVERY, Caller

_EQUAL = {
    "community": "community",
    "order": "order_id",
    "state": "state",
    "payer": "payer",
    "unit": "unit",
}


def bill(reader: Reader, bill_id: str) -> Row | None:
    found: Row | None = reader.row(BILLS, bill_id)
    return found


def by_number(reader: Reader, community: str, number: str) -> Row | None:
    found: list[Row] = reader.rows(
        BILLS,
        where="community = :community AND number = :number",
        params={"community": community, "number": number},
        limit=1,
    )
    return found[0] if found else None


def owed(
    reader: Reader, caller: Caller, community: str, units: Sequence[str], limit: int
) -> list[Row]:
    """The open bills of these units, or of all, that the caller may see."""
    where, params = _reach(caller)
    where += " AND community = :community AND state = 'open'"
    params["community"] = community
    if units:
        marks = {f"unit_{number}": unit for number, unit in enumerate(units)}
        where += f" AND unit IN ({', '.join(f':{mark}' for mark in marks)})"
        params.update(marks)
    found: list[Row] = reader.rows(BILLS, where=where, params=params, order="position", limit=limit)
    return found


def visible(
    reader: Reader, caller: Caller, asked: Mapping[str, Any]
) -> tuple[list[Row], int | None]:
    """One page, and where the next one begins, if there is more.

    ``asked`` has community, order, state, payer and unit (each a value or None), cursor and limit.
    """
    where, params = _reach(caller)
    for name, column in _EQUAL.items():
        if asked[name] is not None:
            where += f" AND {column} = :{column}"
            params[column] = asked[name]
    if asked["cursor"] is not None:
        where += " AND position < :cursor"
        params["cursor"] = asked["cursor"]
    limit = asked["limit"]
    rows: list[Row] = reader.rows(
        BILLS, where=where, params=params, order="position DESC", limit=limit + 1
    )
    return rows[:limit], rows[limit - 1].position if len(rows) > limit else None


def _reach(caller: Caller) -> tuple[str, dict[str, Any]]:
    """The caller's own bills, and those of the places where they hold a reader's post."""
    params: dict[str, Any] = {"me": caller.person}
    whole = caller.communities(*READERS)
    if whole is None:
        return "1 = 1", {}
    parts = ["payer = :me"]
    for number, community in enumerate(sorted(whole)):
        parts.append(f"community = :in_{number}")
        params[f"in_{number}"] = community
    for number, (community, building) in enumerate(sorted(caller.buildings(*READERS))):
        place = f"building = :house_{number}"
        params[f"house_{number}"] = building
        if community != EVERY:
            place += f" AND community = :at_{number}"
            params[f"at_{number}"] = community
        parts.append(f"({place})")
    return f"({' OR '.join(parts)})", params
