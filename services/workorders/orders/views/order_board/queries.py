"""Lists of orders, newest first, page by page, limited to what the caller may see."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from services.workorders.orders.views.order_board.projection import ORDER_BOARD, Row
from services.workorders.orders.visibility import SEES_ALL
from shared.errors import Invalid
from shared.following.reader import Reader
from shared.following.tables import moment_text
from shared.identity.caller import Caller

_EQUAL = ("community", "kind", "category", "technician", "channel", "imported")


class Page(msgspec.Struct, frozen=True):
    rows: list[Row]
    next: str | None


def listed(reader: Reader, caller: Caller, asked: Mapping[str, Any]) -> Page:
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
    if asked["cursor"]:
        params["after_time"], params["after_key"] = cursor_opened(asked["cursor"])
        where.append(
            "(submitted_at < :after_time OR (submitted_at = :after_time AND key > :after_key))"
        )
    rows = reader.rows(
        ORDER_BOARD,
        where=" AND ".join(where),
        params=params,
        order="submitted_at DESC, key",
        limit=asked["limit"] + 1,
    )
    page = rows[: asked["limit"]]
    more = len(rows) > len(page)
    return Page(page, cursor_at(page[-1].submitted_at, page[-1].key) if more else None)


def by_number(reader: Reader, community: str, number: str) -> Row | None:
    found = reader.rows(
        ORDER_BOARD,
        where="community = :community AND number = :number",
        params={"community": community, "number": number.strip().upper()},
        limit=1,
    )
    return found[0] if found else None


def visible(caller: Caller, *, mine: bool = False) -> tuple[list[str], dict[str, Any]]:
    """The rows that the caller may see, as parts of a condition and their parameters."""
    params: dict[str, Any] = {"me": caller.person}
    own = "(reporter = :me OR accepter = :me OR technician = :me)"
    if mine:
        return [own], params
    everywhere = caller.communities(*SEES_ALL)
    if everywhere is None:
        return ["1 = 1"], {}
    reach = [own]
    if everywhere:
        marks = {f"in_{number}": name for number, name in enumerate(sorted(everywhere))}
        reach.append(f"community IN ({', '.join(f':{mark}' for mark in marks)})")
        params.update(marks)
    for number, (community, building) in enumerate(sorted(caller.buildings(*SEES_ALL))):
        reach.append(f"(community = :at_{number} AND building = :house_{number})")
        params |= {f"at_{number}": community, f"house_{number}": building}
    return [f"({' OR '.join(reach)})"], params


def literal(text: str) -> str:
    return text.replace("%", "").replace("_", "")


def cursor_at(moment: datetime, key: str) -> str:
    """Where the page after this row begins."""
    return base64.urlsafe_b64encode(f"{moment_text(moment)}|{key}".encode()).decode()


def cursor_opened(cursor: str) -> tuple[str, str]:
    """Moment and key. Raises ``Invalid``."""
    try:
        time, _, key = base64.urlsafe_b64decode(cursor.encode()).decode().partition("|")
    except (binascii.Error, ValueError):
        time = key = ""
    if not time or not key:
        raise Invalid(
            "this cursor is none; start with the first page", fields={"cursor": ["is no cursor"]}
        )
    return time, key
