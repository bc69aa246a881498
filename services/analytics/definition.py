"""What makes up ``analytics``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.analytics.efficiency.application import Efficiency
from services.analytics.efficiency.views.milestones.projection import MILESTONES
from services.analytics.satisfaction.application import Satisfaction
from services.analytics.satisfaction.views.ratings.projection import RATINGS
from services.analytics.service import AnalyticsService
from shared.eventlog.catalogue import Catalogue
from shared.hosting.definition import ServiceDefinition
from shared.hosting.parts import Parts
from shared.identity.access import REVOKED_SESSIONS, SIGNING_KEYS


def _applications(parts: Parts) -> Mapping[str, Any]:
    return {
        "satisfaction": Satisfaction(parts.reader),
        "efficiency": Efficiency(parts.reader, parts.clock),
    }


SERVICE = ServiceDefinition(
    name="analytics",
    catalogue=Catalogue("analytics"),
    rpc=AnalyticsService,
    applications=_applications,
    views=(SIGNING_KEYS, REVOKED_SESSIONS, RATINGS, MILESTONES),
)
