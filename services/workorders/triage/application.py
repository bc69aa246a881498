"""What is suggested to whoever writes or reads a report. Nothing here changes anything."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from services.workorders.dispatching.rulebook import Rulebook
from services.workorders.dispatching.views.assignments.projection import ASSIGNMENTS, Row
from services.workorders.followers.application import outline
from services.workorders.incidents.application import Incidents, belongs
from services.workorders.incidents.views.incidents.queries import open_at
from services.workorders.orders.application import ORDER
from services.workorders.orders.domain.refusals import NoSuchOrder
from services.workorders.orders.visibility import may_see
from services.workorders.register.directory import Directory
from services.workorders.sla.application import levels_stream
from services.workorders.sla.domain.happenings import DEFAULT_PRIORITY, Happening
from services.workorders.sla.domain.levels import LEVELS, Levels
from services.workorders.sla.judging import foreseen
from services.workorders.triage import domain as d
from services.workorders.triage.answers import MOST_SHOWN
from services.workorders.triage.text import alike, rules, words_of
from shared.errors import Forbidden
from shared.eventlog.executor import EventLog
from shared.following.reader import Reader
from shared.request import Request

# the newest of a building: more than these in a week are an incident
MOST_COMPARED = 50

Data = dict[str, Any]


class Triage:
    def __init__(
        self,
        log: EventLog,
        reader: Reader,
        directory: Directory,
        incidents: Incidents,
        rulebook: Rulebook,
    ) -> None:
        self._log = log
        self._reader = reader
        self._directory = directory
        self._incidents = incidents
        self._rulebook = rulebook

    def suggest(self, request: Request, data: Data) -> Data:
        """``{"categories": [{"kind", "category", "score", "words"}], "priority": {"priority",
        "words"}, "duplicates": [an order's outline with "score"], "incidents": [...], "mode",
        "promises": [{"target", "due"}], "behind"}``, the likeliest first. ``score`` from 0 to 100.
        """
        community = data["community"]
        place = self._directory.place(community, unit=data["unit"], building=data["building"])
        if not belongs(request.caller, community):
            raise Forbidden("You have no business in that community.")
        behind = self._reader.wait(ASSIGNMENTS, request.at_least, request.patience)
        words = words_of(data["description"])
        suggested = d.categories(words, rules(), data["kind"])
        best = suggested[0] if suggested else None
        kind = data["kind"] or (best.kind if best is not None else "repair")
        category = data["category"] or (best.category if best is not None else None)
        report = d.Report(
            kind=kind,
            category=category,
            building=place.building,
            unit=place.unit,
            at=self._log.clock.now(),
        )
        return {
            "categories": msgspec.to_builtins(suggested),
            "priority": msgspec.to_builtins(d.priority(words, rules())),
            "duplicates": self._likely(community, report, data["description"], None),
            "incidents": [
                self._incidents.shown(row)
                for row in open_at(self._reader, community)
                if row.covers(kind, str(category), place.building)
            ],
            "mode": self._rulebook.of(community).rule(kind, category).mode if category else None,
            "promises": self._promises(community, kind, category) if category else [],
            "behind": behind,
        }

    def _promises(self, community: str, kind: str, category: str) -> list[Data]:
        """By when, were it reported now; targets of nothing promised are left out."""
        levels: Levels = self._log.load(LEVELS, levels_stream(community))[0]
        now = self._log.clock.now()
        reported = Happening(
            type="WorkOrderSubmitted",
            at=now,
            kind=kind,
            category=category,
            priority=DEFAULT_PRIORITY,
        )
        if not levels.calendars or not levels.targets:
            return []
        calendar, targets = levels.calendars[-1].calendar, levels.targets[-1].targets
        return [
            {"target": one.target, "due": one.due.isoformat()}
            for one in foreseen(reported, calendar, targets)
            if one.due is not None
        ]

    def duplicates(self, request: Request, data: Data) -> Data:
        """Open orders that are likely about the same as this one: ``{"id", "duplicates",
        "behind"}``; for those who may see it.
        """
        state, _ = self._log.load(ORDER, data["id"])
        if state.state is None or not may_see(request.caller, state):
            raise NoSuchOrder(NoSuchOrder.text)
        behind = self._reader.wait(ASSIGNMENTS, request.at_least, request.patience)
        report = d.Report(
            kind=state.kind,
            category=state.category,
            building=state.building,
            unit=state.unit,
            at=state.submitted_at or self._log.clock.now(),
        )
        text = self._description(data["id"]) or ""
        return {
            "id": data["id"],
            "duplicates": self._likely(state.community, report, text, data["id"]),
            "behind": behind,
        }

    def _likely(
        self, community: str, report: d.Report, text: str, itself: str | None
    ) -> list[Data]:
        scored = []
        for row in self._nearby(community, report.building, report.at):
            # what nobody accepts is a part of another order
            if row.key == itself or row.kind != report.kind or row.accepter is None:
                continue
            other = self._description(row.key)
            score = d.likeness(
                report,
                d.Report(
                    kind=row.kind,
                    category=row.category,
                    building=row.building,
                    unit=row.unit,
                    at=row.submitted_at,
                ),
                alike(text, other) if other is not None else 0,
            )
            if score >= d.LIKELY:
                scored.append((score, row))
        scored.sort(key=lambda one: (-one[0], one[1].key))
        return [{**outline(row), "score": score} for score, row in scored[:MOST_SHOWN]]

    def _nearby(self, community: str, building: str | None, at: datetime) -> list[Row]:
        """The newest orders of the building, or of the common ground, that are not done."""
        here = "building = :building" if building is not None else "building IS NULL"
        found: list[Row] = self._reader.rows(
            ASSIGNMENTS,
            where=f"community = :community AND {here} AND submitted_at >= :since "
            "AND state IN ('submitted', 'dispatched') AND imported = :no",
            params={
                "community": community,
                "building": building,
                "since": at - d.RECENT,
                "no": False,
            },
            order="submitted_at DESC, key",
            limit=MOST_COMPARED,
        )
        return found

    def _description(self, order: str) -> str | None:
        """The reporter's words; None once they were forgotten."""
        found: str | None = self._log.history(order, upto=1)[0].data.description
        return found
