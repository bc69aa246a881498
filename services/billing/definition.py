"""What makes up ``billing``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.billing.bills.application import Bills
from services.billing.bills.domain.events import EVENTS, UPCASTERS
from services.billing.bills.policies import when_work_order_accepted_then_raise_bill
from services.billing.bills.views.bills.projection import BILLS
from services.billing.register.views.communities.projection import VIEW as COMMUNITIES
from services.billing.service import BillingService
from shared.eventlog.catalogue import Catalogue
from shared.hosting.definition import ServiceDefinition
from shared.hosting.parts import Parts
from shared.identity.access import REVOKED_SESSIONS, SIGNING_KEYS
from shared.identity.forgetting import when_person_forgotten_then_destroy_key


def _applications(parts: Parts) -> Mapping[str, Any]:
    return {"bills": Bills(parts.log, parts.reader)}


SERVICE = ServiceDefinition(
    name="billing",
    catalogue=Catalogue("billing", (EVENTS, UPCASTERS)),
    rpc=BillingService,
    applications=_applications,
    views=(SIGNING_KEYS, REVOKED_SESSIONS, COMMUNITIES, BILLS),
    policies=(
        when_work_order_accepted_then_raise_bill.POLICY,
        when_person_forgotten_then_destroy_key("security"),
    ),
)
