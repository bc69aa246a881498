"""Lists of orders, newest first, page by page, limited to what the caller may see."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from services.workorders.orders.paging import Page, newest_first
from services.workorders.orders.views.order_board.projection import ORDER_BOARD, Row
from services.workorders.orders.visibility import SEES_ALL
from shared.following.reader import Reader
from shared.identity.caller import Caller

EVERYWHERE = "1 = 1"
_EQUAL = ("community", "kind", "category", "unit", "technician", "channel", "imported")


def listed(reader: Reader, caller: Caller, asked: Mapping[str, Any]) -> Page[Row]:
    """One page. Raises ``Invalid`` for a cursor that is none."""
    where, params = visible(caller, mine=asked["mine"])
    for name in _EQUAL:
        if asked[name] is not None:
            where.append(f"{name} = :{name}")
            params[name] = asked[name]
    if asked["state"]:
        marks = {f"state_{number}": state for number, state in enumerate(asked["state"])}
        where.append(f"state IN ({', '.join(f':{mark}' for mark in marks)})")
        params.update(marks)
    if asked["search"]:
        where.append("upper(number) LIKE :search")
        params["search"] = f"%{literal(asked['search'].strip().upper())}%"
    return newest_first(reader, ORDER_BOARD, where, params, asked)


def by_number(reader: Reader, community: str, number: str) -> Row | None:
    found = reader.rows(
        ORDER_BOARD,
        where="community = :community AND number = :number",
        params={"community": community, "number": number.strip().upper()},
        limit=1,
    )
    return found[0] if found else None


def visible(
    caller: Caller,
    *,
    mine: bool = False,
    whose: Sequence[str] = ("reporter", "accepter", "technician"),
) -> tuple[list[str], dict[str, Any]]:
    """The rows that the caller may see, as parts of a condition and their parameters.

    ``whose``: the columns with the people whom a row concerns.
    """
    params: dict[str, Any] = {"me": caller.person}
    own = f"({' OR '.join(f'{column} = :me' for column in whose)})"
    if mine:
        return [own], params
    reach, of_places = places(caller, SEES_ALL)
    if reach == [EVERYWHERE]:
        return reach, {}
    return [f"({' OR '.join([own, *reach])})"], params | of_places


def places(caller: Caller, roles: Collection[str]) -> tuple[list[str], dict[str, Any]]:
    """The rows at the places where the caller holds one of these roles: conditions of which one
    must hold, and their parameters. Without such a place, none.
    """
    everywhere = caller.communities(*roles)
    if everywhere is None:
        return [EVERYWHERE], {}
    reach = []
    params: dict[str, Any] = {}
    if everywhere:
        marks = {f"in_{number}": name for number, name in enumerate(sorted(everywhere))}
        reach.append(f"community IN ({', '.join(f':{mark}' for mark in marks)})")
        params.update(marks)
    for number, (community, building) in enumerate(sorted(caller.buildings(*roles))):
        reach.append(f"(community = :at_{number} AND building = :house_{number})")
        params |= {f"at_{number}": community, f"house_{number}": building}
    return reach, params


def literal(text: str) -> str:
    return text.replace("%", "").replace("_", "")
