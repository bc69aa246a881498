"""The RPC surface of ``analytics``."""

from __future__ import annotations

from typing import Any

from services.analytics.efficiency import schemas as of_efficiency
from services.analytics.satisfaction import schemas as of_satisfaction
from shared.hosting.gate import Gate
from shared.hosting.rpc import method
from shared.request import Request

Data = dict[str, Any]


class AnalyticsService:
    name = "analytics"
    gate = Gate()

    @method(of_satisfaction.Satisfaction)
    def satisfaction(self, request: Request, data: Data) -> Data:
        found: Data = self.gate.parts.applications["satisfaction"].satisfaction(request, data)
        return found

    @method(of_efficiency.Efficiency)
    def efficiency(self, request: Request, data: Data) -> Data:
        found: Data = self.gate.parts.applications["efficiency"].efficiency(request, data)
        return found
