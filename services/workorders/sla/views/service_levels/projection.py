"""One row a community: every version of what it promises."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from services.workorders.sla.domain.events import (
    EVENTS,
    EscalationLaddersSet,
    ServiceCalendarSet,
    ServiceTargetsSet,
)
from services.workorders.sla.domain.levels import Levels, taken
from shared.following.view import View
from shared.messaging.envelope import Fact

SETTING = {
    cls.__name__: cls for cls in (ServiceCalendarSet, ServiceTargetsSet, EscalationLaddersSet)
}


class Row(msgspec.Struct, frozen=True, kw_only=True):
    key: str
    levels: Levels


def key(fact: Fact) -> str:
    return fact.community


def evolve(row: Row | None, fact: Fact) -> Row:
    before = row or Row(key=fact.community, levels=Levels())
    event = msgspec.convert(fact.data, SETTING[fact.type])
    return replace(before, levels=taken(before.levels, event, at=fact.time, by=fact.actor))


SERVICE_LEVELS = View(
    name="service_levels",
    build=1,
    follows="workorders",
    handles={name: EVENTS[name][0] for name in SETTING},
    row=Row,
    key=key,
    evolve=evolve,
)
