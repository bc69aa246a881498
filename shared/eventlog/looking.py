"""What is looked for in a log's events as they are stored: the database passes over the others.

An event is stored as JSON with sorted members, so that ``MEMBERS`` come before its data, and where
one of these names stands first is the event's own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

MEMBERS = ("actor", "causation_id", "command_digest", "command_id", "correlation_id")


class Held(msgspec.Struct, frozen=True):
    """One of these texts, in JSON: as the event's ``member``, or anywhere in it."""

    texts: Sequence[bytes]
    member: str | None = None

    def __post_init__(self) -> None:
        if self.member not in (None, *MEMBERS):
            raise ValueError(f"{self.member} may stand behind the data: seek {', '.join(MEMBERS)}")


class Sought(msgspec.Struct, frozen=True):
    """``topics``: one of these, or any where there are none. ``held``: of each list, one is so.

    More may be found than is sought, as a text that stands elsewhere.
    """

    topics: Sequence[str] = ()
    held: Sequence[Sequence[Held]] = ()

    def condition(self, place: str) -> tuple[str, dict[str, Any]]:
        """For a WHERE, with what it is given. ``place``: how a database says where in ``state`` a
        ``{text}`` stands, from 1.
        """
        given: dict[str, Any] = {}

        def name(value: Any) -> str:
            given[f"sought_{len(given)}"] = value
            return f":sought_{len(given) - 1}"

        def either(held: Held) -> Iterator[str]:
            if held.member is None:
                yield from (f"{place.format(text=name(text))} > 0" for text in held.texts)
                return
            begin = msgspec.json.encode(held.member) + b":"
            at = f"{place.format(text=name(begin))} + {len(begin)}"
            by_length = defaultdict(list)
            for text in held.texts:
                by_length[len(text)].append(name(text))
            for length, names in by_length.items():
                yield f"substr(state, {at}, {length}) IN ({', '.join(names)})"

        every = ["true"]
        if self.topics:
            every.append(f"topic IN ({', '.join(name(topic) for topic in self.topics)})")
        for group in self.held:
            every.append(f"({' OR '.join(one for held in group for one in either(held))})")
        return " AND ".join(every), given
