"""A decider: the pure heart of one kind of stream (after Jérémie Chassaing's "functional event
sourcing decider")."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import msgspec

from shared.eventlog.records import Meta, Recorded


@dataclass(frozen=True)
class Decider:
    """``decide(command, state, meta) -> events`` and ``evolve(state, event, meta) -> state``; both
    pure.

    States are frozen msgspec Structs that survive JSON. ``revision`` is raised when ``evolve``
    changes its mind without changing the state's fields, so that older snapshots are not used.
    """

    name: str
    initial: Callable[[], Any]
    decide: Callable[[Any, Any, Meta], Sequence[Any]]
    evolve: Callable[[Any, Any, Meta], Any]
    revision: int = 1

    @cached_property
    def state_type(self) -> type:
        return type(self.initial())

    @cached_property
    def state_version(self) -> str:
        schema = msgspec.json.encode(msgspec.json.schema(self.state_type), order="sorted")
        return f"{self.revision}-{hashlib.sha256(schema).hexdigest()[:16]}"

    def fold(self, state: Any, events: Sequence[Recorded]) -> Any:
        for event in events:
            state = self.evolve(state, event.data, event.meta)
        return state


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """What a command brings along beside its content."""

    actor: str
    command_id: str
    command_digest: str
    correlation_id: str
    causation_id: str | None = None
    traceparent: str | None = None
    occurred_at: datetime | None = None


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a command. ``repeated``: it had been carried out before, and this is the first
    answer.
    """

    stream: str
    version: int
    position: int
    state: Any
    events: tuple[Recorded, ...] = ()
    repeated: bool = False
