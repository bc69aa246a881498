"""What is looked for in a log's events as they are stored: the database passes over the others.

An event is stored as JSON with sorted members, so that ``MEMBERS`` come before its data, and where
one of these names stands first is the event's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

MEMBERS = ("actor", "causation_id", "command_digest", "command_id", "correlation_id")
# what has more is not looked for: each costs time, and databases take only so many
_MOST_PARTS = 50


class Held(msgspec.Struct, frozen=True):
    """One of these texts, in JSON: as the event's ``member``, or anywhere in it."""

    texts: Sequence[bytes]
    member: str | None = None

    def __post_init__(self) -> None:
        if self.member not in (None, *MEMBERS):
            raise ValueError(f"{self.member} may stand behind the data: seek {', '.join(MEMBERS)}")

    def by_length(self) -> dict[int, list[bytes]]:
        found: dict[int, list[bytes]] = {}
        for text in self.texts:
            found.setdefault(len(text), []).append(text)
        return found

    def parts(self) -> int:
        """Of a condition: each is looked for by itself."""
        return len(self.texts) if self.member is None else len(self.by_length())


class Sought(msgspec.Struct, frozen=True):
    """``topics``: one of these, or any where there are none. ``held``: of each list, one is so.

    More may be found than is sought, as a text that stands elsewhere, or where too much is sought.
    """

    topics: Sequence[str] = ()
    held: Sequence[Sequence[Held]] = ()

    def condition(self, place: str, *, arrays: bool = False) -> tuple[str, dict[str, Any]]:
        """For a WHERE, with what it is given. ``place``: how a database says where in ``state`` a
        ``{text}`` stands, from 1. ``arrays``: whether it takes a list as one parameter.
        """
        given: dict[str, Any] = {}

        def name(value: Any) -> str:
            given[f"sought_{len(given)}"] = value
            return f":sought_{len(given) - 1}"

        def among(what: str, kind: str, values: Sequence[Any]) -> str:
            if arrays:
                # hashed in any plan: a prepared one goes through ANY(…) for each event, and without
                # IS TRUE an IN alone may become a join that does the same
                return f"({what} IN (SELECT unnest({name(list(values))}::{kind}[]))) IS TRUE"
            return f"{what} IN ({', '.join(map(name, values))})"

        def either(held: Held) -> Iterator[str]:
            if held.member is None:
                yield from (f"{place.format(text=name(text))} > 0" for text in held.texts)
                return
            begin = msgspec.json.encode(held.member) + b":"
            at = f"{place.format(text=name(begin))} + {len(begin)}"
            for length, texts in held.by_length().items():
                yield among(f"substr(state, {at}, {length})", "bytea", texts)

        every = ["true"]
        if self.topics:
            every.append(among("topic", "text", self.topics))
        for group in self.held:
            if sum(held.parts() for held in group) <= _MOST_PARTS:
                every.append(f"({' OR '.join(one for held in group for one in either(held))})")
        return " AND ".join(every), given
