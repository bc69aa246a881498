"""A view, said as data: which rows the events of one log make."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from shared.messaging.envelope import Fact
from shared.privacy.personal import marked_fields, personal_fields


def stream_of(fact: Fact) -> str:
    """The key of views with one row a stream, so that a stream's first event finds none."""
    return fact.subject


@dataclass(frozen=True)
class View:
    """A read model: its rows are a function of one log alone.

    ``key(fact)`` names the row an event concerns (None: none), ``evolve(row, fact)`` gives the row
    after it (None: no row). ``handles`` maps wire names to the newest version understood. Table
    columns come from ``row``, a frozen msgspec Struct whose first field is ``key``. A changed view
    is a new ``build``: tables are never altered.
    """

    name: str
    build: int
    follows: str
    handles: Mapping[str, int]
    row: type[msgspec.Struct]
    key: Callable[[Fact], str | None]
    evolve: Callable[[Any, Fact], Any]
    indexes: Sequence[Sequence[str]] = ()

    @property
    def wants_text(self) -> bool:
        """Whether its rows are made of personal text, too; others fold events without any."""
        return bool(personal_fields(self.row) or marked_fields(self.row))
