"""What makes up ``workorders``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.workorders.orders.application import Orders
from services.workorders.orders.domain.events import EVENTS, UPCASTERS
from services.workorders.orders.numbers import Numbers
from services.workorders.orders.policies import when_order_repaired_then_remind_its_accepter
from services.workorders.orders.reading import OrderQueries
from services.workorders.orders.views.order_board.projection import ORDER_BOARD
from services.workorders.register.directory import VIEWS as REGISTER_VIEWS
from services.workorders.register.directory import Directory
from services.workorders.service import WorkordersService
from services.workorders.staff.application import Staff
from services.workorders.staff.domain import events as staff_events
from services.workorders.staff.views.roster.projection import ROSTER
from services.workorders.staff.views.technicians.projection import TECHNICIANS
from shared.eventlog.catalogue import Catalogue
from shared.eventlog.counters import Counters
from shared.hosting.definition import ServiceDefinition
from shared.hosting.parts import Parts
from shared.identity.access import REVOKED_SESSIONS, SIGNING_KEYS
from shared.identity.forgetting import when_person_forgotten_then_destroy_key


def _applications(parts: Parts) -> Mapping[str, Any]:
    directory = Directory(parts.reader)
    numbers = Numbers(Counters(parts.store), parts.clock.now, directory.timezone)
    return {
        "orders": Orders(parts.log, directory, numbers),
        "queries": OrderQueries(parts.log, parts.reader),
        "staff": Staff(parts.log, parts.reader, directory),
    }


SERVICE = ServiceDefinition(
    name="workorders",
    catalogue=Catalogue(
        "workorders",
        (EVENTS, UPCASTERS),
        (staff_events.EVENTS, staff_events.UPCASTERS),
    ),
    rpc=WorkordersService,
    applications=_applications,
    views=(SIGNING_KEYS, REVOKED_SESSIONS, *REGISTER_VIEWS, ORDER_BOARD, TECHNICIANS, ROSTER),
    policies=(
        when_order_repaired_then_remind_its_accepter.POLICY,
        when_person_forgotten_then_destroy_key("security"),
    ),
)
