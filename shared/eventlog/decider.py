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

    def __post_init__(self) -> None:
        """Raises ``TypeError`` for a state that could be changed where it stands: it is cached and
        shared by everybody who decides on it.
        """
        _refuse_mutable(msgspec.inspect.type_info(self.state_type), self.name)

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


def _refuse_mutable(kind: Any, where: str) -> None:
    info = msgspec.inspect
    match kind:
        case info.StructType(cls=cls, fields=fields):
            if not cls.__struct_config__.frozen:
                raise TypeError(f"{where}: {cls.__qualname__} must be frozen")
            for field in fields:
                _refuse_mutable(field.type, f"{where}.{field.name}")
        case info.ListType() | info.SetType() | info.DictType() | info.ByteArrayType():
            raise TypeError(f"{where}: states hold tuples, frozensets and frozen structs alone")
        case info.VarTupleType() | info.FrozenSetType():
            _refuse_mutable(kind.item_type, where)
        case info.TupleType(item_types=types) | info.UnionType(types=types):
            for one in types:
                _refuse_mutable(one, where)


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
