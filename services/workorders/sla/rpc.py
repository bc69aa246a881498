"""The RPC methods of service levels."""

from __future__ import annotations

from typing import Any

from services.workorders.sla import schemas as promised
from services.workorders.sla import told
from services.workorders.sla.application import ServiceLevels
from services.workorders.sla.holiday_warnings import HolidayWarnings
from services.workorders.sla.outlook import Outlook
from shared.hosting.rpc import Methods, method
from shared.request import Request

Data = dict[str, Any]


class ServiceLevelMethods(Methods):
    @property
    def levels(self) -> ServiceLevels:
        found: ServiceLevels = self.gate.parts.applications["levels"]
        return found

    @property
    def outlook(self) -> Outlook:
        found: Outlook = self.gate.parts.applications["outlook"]
        return found

    @method(promised.Sla, told.Sla)
    def sla(self, request: Request, data: Data) -> Data:
        return self.levels.sla(request, data)

    @method(promised.PreviewLevels, told.Preview)
    def preview_levels(self, request: Request, data: Data) -> Data:
        return self.outlook.preview_levels(request, data)

    @method(promised.AtRisk, told.AtRisk)
    def at_risk(self, request: Request, data: Data) -> Data:
        return self.outlook.at_risk(request, data)

    @method(promised.Escalate, told.Escalated)
    def escalate(self, request: Request, data: Data) -> Data:
        return self.levels.escalate(request, data)

    @method(promised.WarnOfMissingHolidays, told.HolidaysWarned)
    def warn_of_missing_holidays(self, request: Request, data: Data) -> Data:
        warnings: HolidayWarnings = self.gate.parts.applications["holiday_warnings"]
        return warnings.warn_of_missing_holidays(request, data)

    @method(promised.ServiceLevels, told.ServiceLevels)
    def service_levels(self, request: Request, data: Data) -> Data:
        return self.levels.service_levels(request, data)

    @method(promised.SetCalendar, told.LevelsSet)
    def set_calendar(self, request: Request, data: Data) -> Data:
        return self.levels.set_calendar(request, data)

    @method(promised.SetTargets, told.LevelsSet)
    def set_targets(self, request: Request, data: Data) -> Data:
        return self.levels.set_targets(request, data)

    @method(promised.SetLadders, told.LevelsSet)
    def set_ladders(self, request: Request, data: Data) -> Data:
        return self.levels.set_ladders(request, data)
