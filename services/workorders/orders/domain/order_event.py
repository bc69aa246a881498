"""What every event of an order has in common."""

from __future__ import annotations

from typing import Annotated

from msgspec import Struct

from services.workorders.orders.domain.vocabulary import Kind
from shared.privacy.personal import Personal

ActorsText = Annotated[str | None, Personal("@actor")]


class OrderEvent(Struct, frozen=True, kw_only=True):
    """The place keys every event of an order carries, as they were when it happened.

    ``technician`` is the one assigned; of a hand-back, decline or cancellation, who it was taken
    from. ``reporter`` and ``accepter`` are person ids; imported orders have neither.
    """

    number: str
    kind: Kind
    category: str
    building: str | None
    unit: str | None
    reporter: str | None
    accepter: str | None
    technician: str | None
