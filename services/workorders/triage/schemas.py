"""What comes in to be looked at."""

from __future__ import annotations

from services.workorders.dispatching.schemas import community
from services.workorders.orders.domain.vocabulary import KINDS
from services.workorders.orders.schemas import LONG
from shared.schemas import Choice, Id, Query, Text


class Suggest(Query):
    """A report as far as it is written, if it is begun. ``kind`` and ``category``, where they are
    chosen already, narrow what is suggested.
    """

    community = community()
    description = Text(LONG, load_default="")
    kind = Choice(KINDS, load_default=None, allow_none=True)
    category = Text(40, load_default=None, allow_none=True)
    unit = Id(load_default=None, allow_none=True)
    building = Id(load_default=None, allow_none=True)


class Duplicates(Query):
    id = Id(required=True)
