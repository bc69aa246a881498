"""Reading all rows that match: figures need every one of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from time import sleep
from typing import Any

from shared.following.reader import Reader
from shared.following.view import View

PAGE = 2000


def rows(reader: Reader, view: View, where: str, params: Mapping[str, Any]) -> Iterator[Any]:
    """Page by page, so that other calls get their turn and memory stays small."""
    after = ""
    while True:
        page = reader.rows(
            view,
            where=f"({where}) AND key > :after_key",
            params={**params, "after_key": after},
            order="key",
            limit=PAGE,
        )
        yield from page
        if len(page) < PAGE:
            return
        after = page[-1].key
        sleep(0)


def equal(asked: Mapping[str, Any], *names: str) -> tuple[str, dict[str, Any]]:
    """SQL, beginning with AND, for those of the columns that a value is asked of."""
    params = {name: asked[name] for name in names if asked[name] is not None}
    return "".join(f" AND {name} = :{name}" for name in params), params
