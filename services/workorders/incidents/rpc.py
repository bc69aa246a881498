"""The RPC methods of incidents."""

from __future__ import annotations

from typing import Any

from services.workorders.incidents import answers as ia
from services.workorders.incidents import schemas as ins
from services.workorders.incidents.application import Incidents
from shared.hosting.rpc import Methods, method
from shared.request import Request

Data = dict[str, Any]


class IncidentMethods(Methods):
    @property
    def outages(self) -> Incidents:
        found: Incidents = self.gate.parts.applications["incidents"]
        return found

    @method(ins.OpenIncident, ia.IncidentDone)
    def open_incident(self, request: Request, data: Data) -> Data:
        return self.outages.open_incident(request, data)

    @method(ins.AnswerIncident, ia.IncidentDone)
    def answer_incident(self, request: Request, data: Data) -> Data:
        return self.outages.answer_incident(request, data)

    @method(ins.CloseIncident, ia.IncidentDone)
    def close_incident(self, request: Request, data: Data) -> Data:
        return self.outages.close_incident(request, data)

    @method(ins.Incidents, ia.Incidents)
    def incidents(self, request: Request, data: Data) -> Data:
        return self.outages.incidents(request, data)

    @method(ins.OneIncident, ia.OneIncident)
    def incident(self, request: Request, data: Data) -> Data:
        return self.outages.incident(request, data)
