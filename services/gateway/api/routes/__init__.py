"""The ways over HTTP, a file a service."""

from __future__ import annotations

from services.gateway.api.routes import (
    aftercare,
    analytics,
    billing,
    dispatching,
    inquiries,
    notifications,
    publication,
    security,
    workorders,
)

ROUTES = (
    *workorders.ROUTES,
    *dispatching.ROUTES,
    *aftercare.ROUTES,
    *inquiries.ROUTES,
    *publication.ROUTES,
    *billing.ROUTES,
    *notifications.ROUTES,
    *security.ROUTES,
    *analytics.ROUTES,
)
# for an operator alone, over RPC
OPERATORS = frozenset({"security.rotate_key"})
