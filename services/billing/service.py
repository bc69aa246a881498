"""The RPC surface of ``billing``."""

from __future__ import annotations

from typing import Any

from services.billing.bills import answers, schemas
from services.billing.bills.application import Bills
from shared.hosting.gate import Gate
from shared.hosting.rpc import method
from shared.request import Request

Data = dict[str, Any]


class BillingService:
    name = "billing"
    gate = Gate()

    @property
    def bills(self) -> Bills:
        found: Bills = self.gate.parts.applications["bills"]
        return found

    @method(schemas.Pay, answers.BillDone)
    def pay(self, request: Request, data: Data) -> Data:
        return self.bills.pay(request, data)

    @method(schemas.Void, answers.BillDone)
    def void(self, request: Request, data: Data) -> Data:
        return self.bills.void(request, data)

    @method(schemas.Get, answers.Bill)
    def get(self, request: Request, data: Data) -> Data:
        return self.bills.get(request, data)

    @method(schemas.Arrears, answers.Arrears)
    def arrears(self, request: Request, data: Data) -> Data:
        return self.bills.arrears(request, data)

    @method(schemas.List, answers.Bills)
    def list(self, request: Request, data: Data) -> Data:
        return self.bills.list(request, data)
