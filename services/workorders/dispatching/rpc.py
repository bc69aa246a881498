"""The RPC methods of dispatching."""

from __future__ import annotations

from typing import Any

from services.workorders.dispatching import answers as da
from services.workorders.dispatching import schemas as ds
from services.workorders.dispatching.application import Dispatching
from services.workorders.dispatching.rounds import Rounds
from services.workorders.dispatching.rulebook import Rulebook
from services.workorders.orders import answers as a
from shared.hosting.rpc import Methods, method
from shared.request import Request

Data = dict[str, Any]


class DispatchingMethods(Methods):
    @property
    def rulebook(self) -> Rulebook:
        found: Rulebook = self.gate.parts.applications["rulebook"]
        return found

    @property
    def dispatching(self) -> Dispatching:
        found: Dispatching = self.gate.parts.applications["dispatching"]
        return found

    @property
    def rounds(self) -> Rounds:
        found: Rounds = self.gate.parts.applications["rounds"]
        return found

    @method(ds.SetMode, da.RulesSet)
    def set_mode(self, request: Request, data: Data) -> Data:
        return self.rulebook.set_mode(request, data)

    @method(ds.SetWeights, da.RulesSet)
    def set_weights(self, request: Request, data: Data) -> Data:
        return self.rulebook.set_weights(request, data)

    @method(ds.PlaceBuilding, da.RulesSet)
    def place_building(self, request: Request, data: Data) -> Data:
        return self.rulebook.place_building(request, data)

    @method(ds.OfCommunity, da.Modes)
    def modes(self, request: Request, data: Data) -> Data:
        return self.rulebook.modes(request, data)

    @method(ds.OfOrder, da.Candidates)
    def candidates(self, request: Request, data: Data) -> Data:
        return self.dispatching.candidates(request, data)

    @method(ds.Recommend, da.Recommendations)
    def recommend(self, request: Request, data: Data) -> Data:
        return self.dispatching.recommend(request, data)

    @method(ds.OfCommunity, da.Pool)
    def pool(self, request: Request, data: Data) -> Data:
        return self.dispatching.pool(request, data)

    @method(ds.Grab, a.OrderDone, batchable=True)
    def grab(self, request: Request, data: Data) -> Data:
        return self.dispatching.grab(request, data)

    @method(ds.OfCommunity, da.Fairness)
    def fairness(self, request: Request, data: Data) -> Data:
        return self.dispatching.fairness(request, data)

    @method(ds.Decisions, da.Decisions)
    def decisions(self, request: Request, data: Data) -> Data:
        return self.dispatching.decisions(request, data)

    @method(ds.HoldRound, da.RoundHeld)
    def hold_round(self, request: Request, data: Data) -> Data:
        return self.rounds.hold_round(request, data)
