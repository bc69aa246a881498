"""The RPC surface of ``analytics``."""

from __future__ import annotations

from typing import Any

from services.analytics.efficiency import schemas as of_efficiency
from services.analytics.efficiency.answers import Efficiency as EfficiencyFigures
from services.analytics.satisfaction import schemas as of_satisfaction
from services.analytics.satisfaction.answers import Satisfaction as SatisfactionFigures
from shared.hosting.gate import Gate
from shared.hosting.rpc import method
from shared.request import Request

Data = dict[str, Any]


class AnalyticsService:
    name = "analytics"
    gate = Gate()

    @method(of_satisfaction.Satisfaction, SatisfactionFigures)
    def satisfaction(self, request: Request, data: Data) -> Data:
        found: Data = self.gate.parts.applications["satisfaction"].satisfaction(request, data)
        return found

    @method(of_efficiency.Efficiency, EfficiencyFigures)
    def efficiency(self, request: Request, data: Data) -> Data:
        found: Data = self.gate.parts.applications["efficiency"].efficiency(request, data)
        return found
