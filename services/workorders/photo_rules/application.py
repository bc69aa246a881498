"""The use cases of photo rules."""

from __future__ import annotations

from typing import Any

from services.workorders.incidents.application import belongs
from services.workorders.orders.domain.categories import CATEGORIES
from services.workorders.orders.domain.state import Order
from services.workorders.photo_rules.domain import (
    PHOTO_RULES,
    SetPhotoRule,
    photo_rules_id,
)
from services.workorders.photo_rules.domain import PhotoRules as Rules
from services.workorders.register.directory import Directory
from shared.errors import Forbidden
from shared.eventlog.answering import answered
from shared.eventlog.executor import EventLog
from shared.request import Request

Data = dict[str, Any]


class PhotoRules:
    def __init__(self, log: EventLog, directory: Directory) -> None:
        self._log = log
        self._directory = directory

    def set_rule(self, request: Request, data: Data) -> Data:
        """``{"id", "version", "log", "position"}``; what is reported already stays as it is."""
        community = data["community"]
        self._directory.timezone(community)
        answer = self._log.execute(
            PHOTO_RULES,
            photo_rules_id(community),
            SetPhotoRule(by=request.caller, **data),
            request.context,
            expected_version=request.expected_version,
        )
        return answered(self._log, answer)

    def rules(self, request: Request, data: Data) -> Data:
        """For everybody of the community: ``{"rules": [{"kind", "category", "before",
        "after"}], "behind"}``, every category named.
        """
        community = data["community"]
        self._directory.timezone(community)
        if not belongs(request.caller, community):
            raise Forbidden("You have no business in that community.")
        state = self._of(community)
        told = []
        for kind, categories in CATEGORIES.items():
            for category in categories:
                needed = state.needed(kind, category)
                told.append(
                    {
                        "kind": kind,
                        "category": category,
                        "before": "photos_before" in needed,
                        "after": "photos" in needed,
                    }
                )
        return {"rules": told, "behind": False}

    def needed(self, order: Order, *, recent: bool) -> tuple[str, ...]:
        """The photos that a report of this order's work takes: as of now, or ``recent``: as of up
        to a second ago.
        """
        stream = photo_rules_id(order.community)
        rules: Rules = (
            self._log.recent(PHOTO_RULES, stream) if recent else self._of(order.community)
        )
        return rules.needed(order.kind, order.category)

    def _of(self, community: str) -> Rules:
        state: Rules = self._log.load(PHOTO_RULES, photo_rules_id(community))[0]
        return state
