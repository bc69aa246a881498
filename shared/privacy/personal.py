"""Which fields of a struct are somebody's personal text: said in the type, where all see it.

class OrderSubmitted(Struct, frozen=True):
    reporter: str | None
    description: Annotated[str | None, Personal("reporter")]
"""

from __future__ import annotations

import types
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin, get_type_hints

import msgspec

ACTOR = "@actor"


@dataclass(frozen=True)
class Personal:
    """Marks a field ``Annotated[str | None, Personal("reporter")]`` as personal text.

    ``of`` names the sibling field that holds the person's id, or ``"@actor"``: whoever did it.
    ``secret`` text never leaves its service, not even for those who may read personal text.
    """

    of: str
    secret: bool = False


@dataclass(frozen=True)
class Marked:
    """Marks a row's field ``Annotated[str | None, Marked()]`` as kept by a keyed mark alone.

    Rows can be searched for a text they had there, and nobody can read it out of them.
    """


class PersonalField(NamedTuple):
    name: str
    of: str
    secret: bool


@cache
def personal_fields(struct_type: type) -> tuple[PersonalField, ...]:
    """The personal fields of a msgspec Struct, in its order.

    Raises ``TypeError`` for a marker that would leave text plain: an unknown ``of``, a type other
    than ``str | None``, a field renamed on the wire, a marker below the top level.
    """
    hints = get_type_hints(struct_type, include_extras=True)
    wire_names = {field.name: field.encode_name for field in msgspec.structs.fields(struct_type)}
    marked = {name: _marker(hints[name]) for name in wire_names}
    found: list[PersonalField] = []
    for name, wire_name in wire_names.items():
        where = f"{struct_type.__qualname__}.{name}"
        marker = marked[name]
        if marker is None:
            _refuse_nested(hints[name], where, set())
            continue
        if _text_or_none(hints[name]) != {str, type(None)}:
            raise TypeError(f"{where}: personal text must be of type str | None")
        if wire_name != name:
            raise TypeError(f"{where}: personal text must not be renamed ({wire_name})")
        if marker.of != ACTOR:
            if marker.of not in wire_names:
                raise TypeError(f"{where}: Personal({marker.of!r}) names no field of the struct")
            if marked[marker.of] or not _text_or_none(hints[marker.of]) <= {str, type(None)}:
                raise TypeError(f"{where}: {marker.of} must be a plain str | None, a person's id")
        found.append(PersonalField(name, marker.of, marker.secret))
    return tuple(found)


@cache
def marked_fields(struct_type: type) -> tuple[str, ...]:
    """The fields of a msgspec Struct that are kept by a mark alone, in its order."""
    hints = get_type_hints(struct_type, include_extras=True)
    return tuple(
        field.name
        for field in msgspec.structs.fields(struct_type)
        if any(isinstance(each, Marked) for each in getattr(hints[field.name], "__metadata__", ()))
    )


def _marker(hint: Any) -> Personal | None:
    markers = [each for each in getattr(hint, "__metadata__", ()) if isinstance(each, Personal)]
    return markers[0] if markers else None


def _text_or_none(hint: Any) -> set[Any]:
    """The members of a union, annotations taken off."""
    if get_origin(hint) is Annotated:
        return _text_or_none(get_args(hint)[0])
    if get_origin(hint) in (Union, types.UnionType):
        return {each for member in get_args(hint) for each in _text_or_none(member)}
    return {hint}


def _refuse_nested(hint: Any, where: str, seen: set[type]) -> None:
    """A marker inside a list or an inner struct would be seen by nobody, its text stored plain."""
    for inner in (*get_args(hint), *getattr(hint, "__metadata__", ())):
        if isinstance(inner, Personal):
            raise TypeError(f"{where}: personal text must be a field of the struct itself")
        _refuse_nested(inner, where, seen)
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct) and hint not in seen:
        seen.add(hint)
        for name, below in get_type_hints(hint, include_extras=True).items():
            _refuse_nested(below, f"{where}.{name}", seen)
