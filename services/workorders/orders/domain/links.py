"""What an order is tied to."""

from __future__ import annotations

from typing import Literal, get_args

from msgspec import Struct

Relation = Literal["inquiry"]
RELATIONS: tuple[Relation, ...] = get_args(Relation)


class Origin(Struct, frozen=True, kw_only=True):
    """What an order came from: an inquiry that it was made of."""

    relation: Relation
    id: str
    number: str
