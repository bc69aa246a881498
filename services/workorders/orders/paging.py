"""Lists page by page, the newest first."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from typing import Any, Generic, TypeVar

import msgspec

from shared.errors import Invalid
from shared.following.reader import Reader
from shared.following.tables import moment_text
from shared.following.view import View

R = TypeVar("R")


class Page(msgspec.Struct, Generic[R], frozen=True):
    """``next``: the cursor of the next page; None after the last."""

    rows: list[R]
    next: str | None


def newest_first(
    reader: Reader,
    view: View,
    where: Sequence[str],
    params: Mapping[str, Any],
    asked: Mapping[str, Any],
    *,
    by: str = "submitted_at",
) -> Page[Any]:
    """The page of ``asked``'s ``limit`` and ``cursor``; rows have ``key`` and the moment ``by``.

    Raises ``Invalid`` for a cursor that is none.
    """
    where, params = list(where), dict(params)
    if asked["cursor"]:
        params["after_time"], params["after_key"] = _opened(asked["cursor"])
        where.append(f"({by} < :after_time OR ({by} = :after_time AND key > :after_key))")
    rows = reader.rows(
        view,
        where=" AND ".join(where),
        params=params,
        order=f"{by} DESC, key",
        limit=asked["limit"] + 1,
    )
    page = rows[: asked["limit"]]
    return Page(page, _cursor(page[-1], by) if len(rows) > len(page) else None)


def _cursor(row: Any, by: str) -> str:
    text = f"{moment_text(getattr(row, by))}|{row.key}"
    return base64.urlsafe_b64encode(text.encode()).decode()


def _opened(cursor: str) -> tuple[str, str]:
    try:
        time, _, key = base64.urlsafe_b64decode(cursor.encode()).decode().partition("|")
    except (binascii.Error, ValueError):
        time = key = ""
    if not time or not key:
        raise Invalid(
            "this cursor is none; start with the first page", fields={"cursor": ["is no cursor"]}
        )
    return time, key
