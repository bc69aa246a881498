"""The ways over HTTP, a file a service."""

from __future__ import annotations

from services.gateway.api.routes import (
    analytics,
    billing,
    dispatching,
    notifications,
    publication,
    security,
    workorders,
)

ROUTES = (
    *workorders.ROUTES,
    *dispatching.ROUTES,
    *publication.ROUTES,
    *billing.ROUTES,
    *notifications.ROUTES,
    *security.ROUTES,
    *analytics.ROUTES,
)
# for an operator alone, over RPC
OPERATORS = frozenset({"security.rotate_key"})
