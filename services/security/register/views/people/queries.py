"""Reading people. Names and phones are sealed, so a search opens the community's rows to look."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from services.security.register.views.people.projection import VIEW, Row
from shared.following.reader import Reader
from shared.identity.caller import EVERY

_PAGE = 500


def person(reader: Reader, person_id: str) -> Row | None:
    found: Row | None = reader.row(VIEW, person_id)
    return found


def of_community(reader: Reader, community: str, after: str | None) -> Iterator[Row]:
    """Everybody registered with, living in, or with a post at the community, by id."""
    while True:
        rows: list[Row] = reader.rows(
            VIEW,
            where="(community = :community OR places LIKE :place OR places LIKE :every)"
            " AND key > :after",
            params={
                "community": community,
                "place": f"%|{community}|%",
                "every": f"%|{EVERY}|%",
                "after": after or "",
            },
            order="key",
            limit=_PAGE,
        )
        yield from rows
        if len(rows) < _PAGE:
            return
        after = rows[-1].key


def belongs(row: Row, community: str) -> bool:
    """Whether ``of_community`` has the row."""
    here = (f"|{community}|" in row.places) or (f"|{EVERY}|" in row.places)
    return row.community == community or here


def matches(row: Row, search: str) -> bool:
    """Whether the name has the words, in any case and width, or the phone the digits."""
    if row.name is not None and _plain(search) in _plain(row.name):
        return True
    digits = _digits(search)
    return bool(digits) and digits == _plain(search) and digits in _digits(row.phone or "")


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _digits(text: str) -> str:
    return "".join(each for each in text if each.isdecimal())
