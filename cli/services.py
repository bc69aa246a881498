"""The services of the platform, in the order in which they need one another."""

from __future__ import annotations

from services.analytics.definition import SERVICE as ANALYTICS
from services.billing.definition import SERVICE as BILLING
from services.notifications.definition import SERVICE as NOTIFICATIONS
from services.security.definition import SERVICE as SECURITY
from services.workorders.definition import SERVICE as WORKORDERS
from shared.hosting.definition import ServiceDefinition

SERVICES: tuple[ServiceDefinition, ...] = (SECURITY, WORKORDERS, BILLING, NOTIFICATIONS, ANALYTICS)
