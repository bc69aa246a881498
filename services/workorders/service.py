"""The RPC surface of ``workorders``."""

from __future__ import annotations

from typing import Any

from services.workorders.orders import schemas as s
from services.workorders.orders.application import Orders
from services.workorders.orders.domain import commands as c
from services.workorders.orders.reading import OrderQueries
from services.workorders.sla import schemas as promised
from services.workorders.sla.application import ServiceLevels
from shared.hosting.batch import Batch, carry_out
from shared.hosting.gate import Gate
from shared.hosting.rpc import method
from shared.request import Request

Data = dict[str, Any]


class WorkordersService:
    name = "workorders"
    gate = Gate()

    @property
    def orders(self) -> Orders:
        found: Orders = self.gate.parts.applications["orders"]
        return found

    @property
    def queries(self) -> OrderQueries:
        found: OrderQueries = self.gate.parts.applications["queries"]
        return found

    @property
    def levels(self) -> ServiceLevels:
        found: ServiceLevels = self.gate.parts.applications["levels"]
        return found

    @method(s.Submit, batchable=True)
    def submit(self, request: Request, data: Data) -> Data:
        return self.orders.submit(request, data)

    @method(s.Dispatch, batchable=True)
    def dispatch(self, request: Request, data: Data) -> Data:
        return self.orders.dispatch(request, data)

    @method(s.Prioritise, batchable=True)
    def prioritise(self, request: Request, data: Data) -> Data:
        return self.orders.do(request, data, c.Prioritise)

    @method(s.OnOrder, batchable=True)
    def start(self, request: Request, data: Data) -> Data:
        return self.orders.do(request, data, c.Start)

    @method(s.Pause, batchable=True)
    def pause(self, request: Request, data: Data) -> Data:
        return self.orders.do(request, data, c.Pause)

    @method(s.OnOrder, batchable=True)
    def resume(self, request: Request, data: Data) -> Data:
        return self.orders.do(request, data, c.Resume)

    @method(s.WithReason, batchable=True)
    def hand_back(self, request: Request, data: Data) -> Data:
        return self.orders.do(request, data, c.HandBack)

    @method(s.Transfer, batchable=True)
    def transfer(self, request: Request, data: Data) -> Data:
        return self.orders.transfer(request, data)

    @method(s.Repair, batchable=True)
    def repair(self, request: Request, data: Data) -> Data:
        return self.orders.repair(request, data)

    @method(s.OnOrder, batchable=True)
    def accept(self, request: Request, data: Data) -> Data:
        return self.orders.do(request, data, c.Accept)

    @method(s.WithReason, batchable=True)
    def reject(self, request: Request, data: Data) -> Data:
        return self.orders.do(request, data, c.Reject)

    @method(s.Decline, batchable=True)
    def decline(self, request: Request, data: Data) -> Data:
        return self.orders.decline(request, data)

    @method(s.Appeal, batchable=True)
    def appeal(self, request: Request, data: Data) -> Data:
        return self.orders.do(request, data, c.Appeal)

    @method(s.Rate, batchable=True)
    def rate(self, request: Request, data: Data) -> Data:
        return self.orders.do(request, data, c.Rate)

    @method(s.OnOrder, batchable=True)
    def cancel(self, request: Request, data: Data) -> Data:
        return self.orders.do(request, data, c.Cancel)

    @method(s.WithReason, batchable=True)
    def reopen(self, request: Request, data: Data) -> Data:
        return self.orders.do(request, data, c.Reopen)

    @method(s.OnOrder, batchable=True)
    def remind(self, request: Request, data: Data) -> Data:
        return self.orders.do(request, data, c.Remind)

    @method(s.ImportOrder, batchable=True)
    def import_order(self, request: Request, data: Data) -> Data:
        return self.orders.import_order(request, data)

    @method(s.Get)
    def get(self, request: Request, data: Data) -> Data:
        return self.queries.get(request, data)

    @method(s.Get)
    def history(self, request: Request, data: Data) -> Data:
        return self.queries.history(request, data)

    @method(s.List)
    def list(self, request: Request, data: Data) -> Data:
        return self.queries.list(request, data)

    @method(promised.Sla)
    def sla(self, request: Request, data: Data) -> Data:
        return self.levels.sla(request, data)

    @method(promised.Escalate)
    def escalate(self, request: Request, data: Data) -> Data:
        return self.levels.escalate(request, data)

    @method(promised.ServiceLevels)
    def service_levels(self, request: Request, data: Data) -> Data:
        return self.levels.service_levels(request, data)

    @method(promised.SetCalendar)
    def set_calendar(self, request: Request, data: Data) -> Data:
        return self.levels.set_calendar(request, data)

    @method(promised.SetTargets)
    def set_targets(self, request: Request, data: Data) -> Data:
        return self.levels.set_targets(request, data)

    @method(promised.SetLadders)
    def set_ladders(self, request: Request, data: Data) -> Data:
        return self.levels.set_ladders(request, data)

    @method(Batch, public=True)
    def batch(self, request: Request, data: Data) -> Data:
        """Many commands of many people in one call, each with its own token, id and outcome."""
        return carry_out(self, data)
