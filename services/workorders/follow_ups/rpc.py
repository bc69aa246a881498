"""The RPC methods of follow-ups."""

from __future__ import annotations

from typing import Any

from services.workorders.follow_ups import answers as fua
from services.workorders.follow_ups import schemas as fus
from services.workorders.follow_ups.application import FollowUps
from shared.hosting.rpc import Methods, method
from shared.request import Request

Data = dict[str, Any]


class FollowUpMethods(Methods):
    @property
    def follow_ups_made(self) -> FollowUps:
        found: FollowUps = self.gate.parts.applications["follow_ups"]
        return found

    @method(fus.SetFollowUpRules, fua.RulesSet)
    def set_follow_up_rules(self, request: Request, data: Data) -> Data:
        return self.follow_ups_made.set_rules(request, data)

    @method(fus.OfCommunity, fua.Rules)
    def follow_up_rules(self, request: Request, data: Data) -> Data:
        return self.follow_ups_made.rules(request, data)

    @method(fus.RecordFollowUp, fua.Recorded, batchable=True)
    def record_follow_up(self, request: Request, data: Data) -> Data:
        return self.follow_ups_made.record(request, data)

    @method(fus.FollowUps, fua.FollowUps)
    def follow_ups(self, request: Request, data: Data) -> Data:
        return self.follow_ups_made.listed(request, data)

    @method(fus.OfOrder, fua.OfOrder)
    def order_follow_ups(self, request: Request, data: Data) -> Data:
        return self.follow_ups_made.of_order(request, data)
