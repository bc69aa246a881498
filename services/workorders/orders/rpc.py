"""The RPC methods of orders."""

from __future__ import annotations

from typing import Any

from services.workorders.orders import answers as a
from services.workorders.orders import quote_schemas as priced
from services.workorders.orders import schemas as s
from services.workorders.orders import visit_schemas as visiting
from services.workorders.orders.application import Orders
from services.workorders.orders.domain import commands as c
from services.workorders.orders.domain.deferral import Defer
from services.workorders.orders.domain.quotes import commands as qc
from services.workorders.orders.domain.visits import commands as vc
from services.workorders.orders.linking import Linking
from services.workorders.orders.reading import OrderQueries
from services.workorders.orders.visiting import Visiting
from shared.hosting.rpc import Methods, method
from shared.request import Request

Data = dict[str, Any]


class OrderMethods(Methods):
    @property
    def orders(self) -> Orders:
        found: Orders = self.gate.parts.applications["orders"]
        return found

    @property
    def linking(self) -> Linking:
        found: Linking = self.gate.parts.applications["linking"]
        return found

    @property
    def visits(self) -> Visiting:
        found: Visiting = self.gate.parts.applications["visiting"]
        return found

    @property
    def queries(self) -> OrderQueries:
        found: OrderQueries = self.gate.parts.applications["queries"]
        return found

    @method(s.Submit, a.OrderDone, batchable=True)
    def submit(self, request: Request, data: Data) -> Data:
        return self.orders.submit(request, data)

    @method(s.Dispatch, a.OrderDone, batchable=True)
    def dispatch(self, request: Request, data: Data) -> Data:
        return self.orders.dispatch(request, data)

    @method(s.Prioritise, a.OrderDone, batchable=True)
    def prioritise(self, request: Request, data: Data) -> Data:
        return self.orders.do(request, data, c.Prioritise)

    @method(s.OnOrder, a.OrderDone, batchable=True)
    def start(self, request: Request, data: Data) -> Data:
        return self.orders.do(request, data, c.Start)

    @method(s.Pause, a.OrderDone, batchable=True)
    def pause(self, request: Request, data: Data) -> Data:
        return self.orders.do(request, data, c.Pause)

    @method(s.OnOrder, a.OrderDone, batchable=True)
    def resume(self, request: Request, data: Data) -> Data:
        return self.orders.do(request, data, c.Resume)

    @method(s.WithReason, a.OrderDone, batchable=True)
    def hand_back(self, request: Request, data: Data) -> Data:
        return self.orders.do(request, data, c.HandBack)

    @method(s.Transfer, a.OrderDone, batchable=True)
    def transfer(self, request: Request, data: Data) -> Data:
        return self.orders.transfer(request, data)

    @method(s.Repair, a.OrderDone, batchable=True)
    def repair(self, request: Request, data: Data) -> Data:
        return self.orders.repair(request, data)

    @method(s.Accept, a.OrderDone, batchable=True)
    def accept(self, request: Request, data: Data) -> Data:
        return self.orders.do(request, data, c.Accept)

    @method(s.WithReason, a.OrderDone, batchable=True)
    def reject(self, request: Request, data: Data) -> Data:
        return self.orders.do(request, data, c.Reject)

    @method(s.Decline, a.OrderDone, batchable=True)
    def decline(self, request: Request, data: Data) -> Data:
        return self.orders.decline(request, data)

    @method(s.AddSubOrder, a.SubOrderAdded, batchable=True)
    def add_sub_order(self, request: Request, data: Data) -> Data:
        return self.linking.add_sub_order(request, data)

    @method(s.ReportAgain, a.OrderDone, batchable=True)
    def report_again(self, request: Request, data: Data) -> Data:
        return self.linking.report_again(request, data)

    @method(s.Merge, a.OrderDone, batchable=True)
    def merge(self, request: Request, data: Data) -> Data:
        return self.linking.merge(request, data)

    @method(s.OnOrder, a.OrderDone, batchable=True)
    def unmerge(self, request: Request, data: Data) -> Data:
        return self.visits.unmerge(request, data)

    @method(s.Appeal, a.OrderDone, batchable=True)
    def appeal(self, request: Request, data: Data) -> Data:
        return self.orders.do(request, data, c.Appeal)

    @method(s.Rate, a.OrderDone, batchable=True)
    def rate(self, request: Request, data: Data) -> Data:
        return self.orders.do(request, data, c.Rate)

    @method(s.AnswerRating, a.OrderDone, batchable=True)
    def answer_rating(self, request: Request, data: Data) -> Data:
        return self.orders.do(request, data, c.AnswerRating)

    @method(s.OnOrder, a.OrderDone, batchable=True)
    def cancel(self, request: Request, data: Data) -> Data:
        return self.orders.do(request, data, c.Cancel)

    @method(s.WithReason, a.OrderDone, batchable=True)
    def reopen(self, request: Request, data: Data) -> Data:
        return self.orders.do(request, data, c.Reopen)

    @method(s.OnOrder, a.OrderDone, batchable=True)
    def remind(self, request: Request, data: Data) -> Data:
        return self.orders.do(request, data, c.Remind)

    @method(s.OnOrder, a.OrderDone, batchable=True)
    def request_check(self, request: Request, data: Data) -> Data:
        return self.orders.do(request, data, c.RequestCheck)

    @method(priced.PutQuote, a.OrderDone, batchable=True)
    def quote(self, request: Request, data: Data) -> Data:
        return self.orders.quote(request, data)

    @method(priced.AboutQuote, a.OrderDone, batchable=True)
    def accept_quote(self, request: Request, data: Data) -> Data:
        return self.orders.do(request, data, qc.AcceptQuote)

    @method(priced.DeclineQuote, a.OrderDone, batchable=True)
    def decline_quote(self, request: Request, data: Data) -> Data:
        return self.orders.do(request, data, qc.DeclineQuote)

    @method(priced.AcceptQuoteFor, a.OrderDone, batchable=True)
    def accept_quote_for(self, request: Request, data: Data) -> Data:
        return self.orders.do(request, data, qc.AcceptQuoteFor)

    @method(priced.DeclineQuoteFor, a.OrderDone, batchable=True)
    def decline_quote_for(self, request: Request, data: Data) -> Data:
        return self.orders.do(request, data, qc.DeclineQuoteFor)

    @method(priced.AboutQuote, a.OrderDone, batchable=True)
    def confirm_quote_answer(self, request: Request, data: Data) -> Data:
        return self.orders.do(request, data, qc.ConfirmAnswer)

    @method(priced.DeclineQuote, a.OrderDone, batchable=True)
    def object_to_quote_answer(self, request: Request, data: Data) -> Data:
        return self.orders.do(request, data, qc.ObjectToAnswer)

    @method(priced.QuotesAsked, priced.WaitingQuotes)
    def quotes(self, request: Request, data: Data) -> Data:
        return self.queries.quotes(request, data)

    @method(priced.AboutQuote, a.OrderDone, batchable=True)
    def withdraw_quote(self, request: Request, data: Data) -> Data:
        return self.orders.do(request, data, qc.WithdrawQuote)

    @method(priced.AboutQuote, a.OrderDone, batchable=True)
    def lapse_quote(self, request: Request, data: Data) -> Data:
        return self.orders.do(request, data, qc.LapseQuote)

    @method(visiting.OfferVisits, a.OrderDone, batchable=True)
    def offer_visits(self, request: Request, data: Data) -> Data:
        return self.visits.offer_visits(request, data)

    @method(visiting.ChooseVisit, a.OrderDone, batchable=True)
    def choose_visit(self, request: Request, data: Data) -> Data:
        return self.visits.choose_visit(request, data)

    @method(visiting.MoveVisit, a.OrderDone, batchable=True)
    def move_visit(self, request: Request, data: Data) -> Data:
        return self.visits.move_visit(request, data)

    @method(visiting.MissVisit, a.OrderDone, batchable=True)
    def miss_visit(self, request: Request, data: Data) -> Data:
        return self.orders.in_zone(request, data, vc.MissVisit)

    @method(visiting.CancelVisit, a.OrderDone, batchable=True)
    def cancel_visit(self, request: Request, data: Data) -> Data:
        return self.orders.in_zone(request, data, vc.CancelVisit)

    @method(visiting.RemindVisit, a.OrderDone, batchable=True)
    def remind_visit(self, request: Request, data: Data) -> Data:
        return self.orders.in_zone(request, data, vc.RemindVisit)

    @method(s.Defer, a.OrderDone, batchable=True)
    def defer(self, request: Request, data: Data) -> Data:
        return self.orders.in_zone(request, data, Defer)

    @method(s.ImportOrder, a.Imported, batchable=True)
    def import_order(self, request: Request, data: Data) -> Data:
        return self.orders.import_order(request, data)

    @method(s.Get, a.Order)
    def get(self, request: Request, data: Data) -> Data:
        return self.queries.get(request, data)

    @method(s.Get, a.History)
    def history(self, request: Request, data: Data) -> Data:
        return self.queries.history(request, data)

    @method(s.Links, a.Links)
    def links(self, request: Request, data: Data) -> Data:
        return self.linking.links(request, data)

    @method(s.List, a.Orders)
    def list(self, request: Request, data: Data) -> Data:
        return self.queries.list(request, data)
