"""What makes up ``workorders``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.workorders.orders.application import Orders
from services.workorders.orders.domain import events as order_events
from services.workorders.orders.numbers import Numbers
from services.workorders.orders.policies import when_order_repaired_then_remind_its_accepter
from services.workorders.orders.reading import OrderQueries
from services.workorders.orders.views.order_board.projection import ORDER_BOARD
from services.workorders.register.directory import VIEWS as REGISTER_VIEWS
from services.workorders.register.directory import Directory
from services.workorders.service import WorkordersService
from services.workorders.sla.application import ServiceLevels
from services.workorders.sla.domain import events as sla_events
from services.workorders.sla.policies import (
    when_order_moves_then_set_the_time_of_its_next_escalation,
)
from services.workorders.sla.views.order_clocks.projection import ORDER_CLOCKS
from services.workorders.sla.views.service_levels.projection import SERVICE_LEVELS
from shared.eventlog.catalogue import Catalogue
from shared.eventlog.counters import Counters
from shared.hosting.definition import ServiceDefinition
from shared.hosting.parts import Parts
from shared.identity.access import REVOKED_SESSIONS, SIGNING_KEYS
from shared.identity.forgetting import when_person_forgotten_then_destroy_key


def _applications(parts: Parts) -> Mapping[str, Any]:
    directory = Directory(parts.reader)
    numbers = Numbers(Counters(parts.store), parts.clock.now, directory.timezone)
    queries = OrderQueries(parts.log, parts.reader)
    return {
        "orders": Orders(parts.log, directory, numbers),
        "queries": queries,
        "levels": ServiceLevels(parts.log, directory, queries.find),
    }


SERVICE = ServiceDefinition(
    name="workorders",
    catalogue=Catalogue(
        "workorders",
        (order_events.EVENTS, order_events.UPCASTERS),
        (sla_events.EVENTS, sla_events.UPCASTERS),
    ),
    rpc=WorkordersService,
    applications=_applications,
    views=(
        SIGNING_KEYS,
        REVOKED_SESSIONS,
        *REGISTER_VIEWS,
        ORDER_BOARD,
        ORDER_CLOCKS,
        SERVICE_LEVELS,
    ),
    policies=(
        when_order_repaired_then_remind_its_accepter.POLICY,
        when_order_moves_then_set_the_time_of_its_next_escalation.POLICY,
        when_person_forgotten_then_destroy_key("security"),
    ),
)
