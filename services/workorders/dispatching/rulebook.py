"""The dispatch rules of a community: set by its manager, read by its staff."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from uuid import UUID, uuid5

import msgspec

from services.workorders.dispatching.domain import rules as r
from services.workorders.dispatching.domain.events import Weights
from services.workorders.orders.domain.categories import CATEGORIES
from services.workorders.orders.domain.vocabulary import STAFF
from services.workorders.orders.visibility import SEES_ALL
from services.workorders.register.directory import Directory
from shared.errors import Forbidden
from shared.eventlog.answering import answered
from shared.eventlog.executor import EventLog
from shared.eventlog.records import community_of
from shared.request import Request

_NAMESPACE = UUID("0e4f7a6c-9a0e-5b38-b7a8-4d4e7c2b9f10")

Data = dict[str, Any]


@lru_cache(maxsize=4096)
def rules_id(community: str) -> str:
    """The stream of a community's dispatch rules."""
    return f"{community}.{uuid5(_NAMESPACE, community)}"


class Rulebook:
    """Commands answer ``{"id", "edition", "version", "log", "position"}``."""

    def __init__(self, log: EventLog, directory: Directory) -> None:
        self._log = log
        self._directory = directory

    def set_mode(self, request: Request, data: Data) -> Data:
        return self._do(request, data["community"], r.SetMode(by=request.caller, **data))

    def set_weights(self, request: Request, data: Data) -> Data:
        community = data["community"]
        numbers = {name: value for name, value in data.items() if name != "community"}
        command = r.SetWeights(by=request.caller, community=community, weights=Weights(**numbers))
        return self._do(request, community, command)

    def place_building(self, request: Request, data: Data) -> Data:
        community = community_of(data["building"])
        self._directory.place(community, unit=None, building=data["building"])
        command = r.PlaceBuilding(by=request.caller, community=community, **data)
        return self._do(request, community, command)

    def modes(self, request: Request, data: Data) -> Data:
        """``{"edition", "modes": [{"kind", "category", "mode", "certificate_required"}],
        "weights", "buildings"}``, every category named.
        """
        community = data["community"]
        self._directory.timezone(community)
        if request.caller.roles(community).isdisjoint((*SEES_ALL, *STAFF)):
            raise Forbidden("Only the community's staff may see how it dispatches.")
        state = self.of(community)
        return {
            "edition": state.edition,
            "modes": [
                {
                    "kind": kind,
                    "category": category,
                    **msgspec.to_builtins(state.rule(kind, category)),
                }
                for kind, categories in CATEGORIES.items()
                for category in categories
            ],
            "weights": msgspec.to_builtins(state.weights),
            "buildings": {
                building: {"x": x, "y": y} for building, (x, y) in sorted(state.buildings.items())
            },
            "behind": False,
        }

    def of(self, community: str, *, recent: bool = False) -> r.DispatchRules:
        """As of now; ``recent``: as of up to a second ago."""
        state: r.DispatchRules
        if recent:
            state = self._log.recent(r.DISPATCH_RULES, rules_id(community))
        else:
            state, _ = self._log.load(r.DISPATCH_RULES, rules_id(community))
        return state

    def _do(self, request: Request, community: str, command: r.Command) -> Data:
        self._directory.timezone(community)
        answer = self._log.execute(
            r.DISPATCH_RULES,
            rules_id(community),
            command,
            request.context,
            expected_version=request.expected_version,
        )
        return answered(self._log, answer, edition=answer.state.edition)
