"""An order that nobody can be sent to: said once each time it waits."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from services.workorders.dispatching.domain.events import NobodyQualified
from services.workorders.orders.domain.choice import PassedOver
from services.workorders.orders.domain.vocabulary import Kind
from shared.eventlog.decider import Decider
from shared.eventlog.records import Meta


class Wait(Struct, frozen=True, kw_only=True):
    """``told_version``: of the order, when it was last said."""

    told_version: int = 0


class SayNobodyQualified(Struct, frozen=True, kw_only=True):
    order: str
    order_version: int
    number: str
    kind: Kind
    category: str
    building: str | None
    unit: str | None
    reasons: dict[PassedOver, int]


def decide(command: SayNobodyQualified, state: Wait, _meta: Meta) -> list[NobodyQualified]:
    if command.order_version <= state.told_version:
        return []
    told = {name: getattr(command, name) for name in command.__struct_fields__}
    return [NobodyQualified(**told)]


def evolve(state: Wait, event: Any, _meta: Meta) -> Wait:
    if isinstance(event, NobodyQualified):
        return Wait(told_version=event.order_version)
    return state


WAIT = Decider("dispatch_wait", Wait, decide, evolve)
