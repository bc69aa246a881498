"""The RPC methods of triage."""

from __future__ import annotations

from typing import Any

from services.workorders.triage import answers as ta
from services.workorders.triage import schemas as ts
from services.workorders.triage.application import Triage
from shared.hosting.rpc import Methods, method
from shared.request import Request

Data = dict[str, Any]


class TriageMethods(Methods):
    @property
    def triage(self) -> Triage:
        found: Triage = self.gate.parts.applications["triage"]
        return found

    @method(ts.Suggest, ta.Suggested)
    def suggest(self, request: Request, data: Data) -> Data:
        return self.triage.suggest(request, data)

    @method(ts.Duplicates, ta.Duplicates)
    def duplicates(self, request: Request, data: Data) -> Data:
        return self.triage.duplicates(request, data)
