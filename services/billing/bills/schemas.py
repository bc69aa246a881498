"""What comes in. Money is whole fen, never a decimal."""

from __future__ import annotations

from services.billing.bills.domain.bill import MAX_FEN, STATES
from services.billing.bills.domain.events import METHODS
from shared.schemas import Choice, Command, Id, Integer, Query, Text

_COMMUNITY = r"[a-z][a-z0-9-]{1,31}"


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


class Get(Query):
    id = Id(required=True)


class List(Query):
    """Those the caller may see, narrowed. ``cursor``: the ``next`` of the page before."""

    community = Text(
        32,
        pattern=_COMMUNITY,
        hint="A community's short name is expected, such as lakeside.",
        load_default=None,
    )
    order = Id(load_default=None)
    payer = Id(load_default=None)
    state = Choice(STATES, load_default=None)
    limit = Integer(minimum=1, maximum=200, load_default=50)
    cursor = Integer(minimum=1, load_default=None, allow_none=True)
