"""What comes in. Money is whole fen, never a decimal."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, validates_schema

from services.billing.bills.domain.bill import MAX_FEN, STATES
from services.billing.bills.domain.events import METHODS
from shared.schemas import Choice, Command, Id, Integer, Items, Query, Text

_COMMUNITY = r"[a-z][a-z0-9-]{1,31}"
MOST_UNITS = 100


class Pay(Command):
    """``receipt``: the number of the paper or the transaction; no other text."""

    id = Id(required=True)
    amount_fen = Integer(minimum=1, maximum=MAX_FEN, required=True)
    method = Choice(METHODS, required=True)
    receipt = Text(
        64,
        pattern=r"[\w./#-]{1,64}",
        hint="A number is expected: letters, digits and . / # - _ only.",
        load_default=None,
        allow_none=True,
    )


class Void(Command):
    id = Id(required=True)
    reason = Text(500, required=True)


def _community(**kwargs: Any) -> Text:
    return Text(
        32,
        pattern=_COMMUNITY,
        hint="A community's short name is expected, such as lakeside.",
        **kwargs,
    )


class Get(Query):
    """By ``id``, or by the number that people know, with its community."""

    id = Id(load_default=None)
    number = Text(30, load_default=None)
    community = _community(load_default=None)

    @validates_schema(skip_on_field_errors=True)
    def _one_name(self, data: dict[str, Any], **_: Any) -> None:
        if (data["id"] is None) == (data["number"] is None):
            raise ValidationError("Give either id, or number with community.", "id")
        if data["number"] is not None and data["community"] is None:
            raise ValidationError("A number needs its community.", "community")


class Arrears(Query):
    """``units``: these alone; left out, all that owe something."""

    community = _community(required=True)
    units = Items(Id(), MOST_UNITS, load_default=list)


class List(Query):
    """Those the caller may see, narrowed. ``cursor``: the ``next`` of the page before."""

    community = _community(load_default=None)
    order = Id(load_default=None)
    payer = Id(load_default=None)
    unit = Id(load_default=None)
    state = Choice(STATES, load_default=None)
    limit = Integer(minimum=1, maximum=200, load_default=50)
    cursor = Integer(minimum=1, load_default=None, allow_none=True)
