"""Looking ahead: what a promise would come to, and which orders run out of time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from services.workorders.orders.domain.vocabulary import PRIORITIES
from services.workorders.orders.views.order_board.projection import ORDER_BOARD
from services.workorders.orders.views.order_board.projection import Row as Order
from services.workorders.orders.views.order_board.queries import visible
from services.workorders.orders.visibility import SEES_ALL
from services.workorders.register.directory import Directory
from services.workorders.sla import judging
from services.workorders.sla.answers import calendar_told, foreseen_told, pressing_told
from services.workorders.sla.application import levels_stream
from services.workorders.sla.domain import calendar as calendars
from services.workorders.sla.domain import targets as targets_
from services.workorders.sla.domain.happenings import Happening
from services.workorders.sla.domain.levels import (
    LEVELS,
    READERS,
    Levels,
    NotYoursToPromise,
    check_measured,
)
from services.workorders.sla.domain.runs import Run
from services.workorders.sla.proposals import calendar_of, targets_of
from services.workorders.sla.views.order_clocks.projection import ORDER_CLOCKS
from shared.errors import Forbidden
from shared.eventlog.executor import EventLog
from shared.following.reader import Reader
from shared.request import Request

# what is judged for one answer; those that have waited longest
MOST_JUDGED = 1000
MOST_TOLD = 200
Data = dict[str, Any]


class Outlook:
    def __init__(self, log: EventLog, reader: Reader, directory: Directory) -> None:
        self._log = log
        self._reader = reader
        self._directory = directory

    def preview_levels(self, request: Request, data: Data) -> Data:
        """When an order submitted at ``at`` would be due by a calendar and targets that nobody has
        set yet, in place of the newest; nothing is written.
        """
        community = data["community"]
        zone = self._directory.timezone(community).key
        if not any(request.caller.has(role, community) for role in READERS):
            raise NotYoursToPromise("This is for the people who work in the community.")
        levels: Levels = self._log.load(LEVELS, levels_stream(community))[0]
        calendar = levels.calendars[-1].calendar if levels.calendars else None
        targets = levels.targets[-1].targets if levels.targets else None
        if data["week"] is not None:
            calendar = calendars.check(calendar_of(data, zone))
        if data["rules"] is not None:
            targets = targets_.check(targets_of(data))
            check_measured(targets, calendar)
        at: datetime = data["at"] or self._log.clock.now()
        submitted = [
            Happening(
                type="WorkOrderSubmitted",
                at=at,
                kind=data["kind"],
                category=data["category"],
                priority=priority,
            )
            for priority in PRIORITIES
        ]
        return {
            "community": community,
            "at": at.isoformat(),
            "calendar": None if calendar is None else calendar_told(calendar),
            "promises": (
                []
                if calendar is None or targets is None
                else [
                    foreseen_told(found, one.priority)
                    for one in submitted
                    for found in judging.foreseen(one, calendar, targets)
                ]
            ),
            "behind": False,
        }

    def at_risk(self, request: Request, data: Data) -> Data:
        """The orders of a community that have used up at least ``percent`` of a promise of the
        staff's, or broken it; the latest first, then those nearest to it.
        """
        community, caller = data["community"], request.caller
        self._directory.timezone(community)
        if caller.roles(community).isdisjoint(SEES_ALL) and not any(
            name == community for name, _building in caller.buildings(*SEES_ALL)
        ):
            raise Forbidden("Only those who lead or dispatch staff there may see this.")
        behind = any(
            self._reader.wait(view, request.at_least, request.patience)
            for view in (ORDER_BOARD, ORDER_CLOCKS)
        )
        at = self._log.clock.now()
        orders = self._unfinished(request, community)
        found = [
            (run, order)
            for run, order in self._judged(community, orders[:MOST_JUDGED], at)
            if run.breached or judging.used(run) >= data["percent"]
        ]
        found.sort(key=lambda one: (not one[0].breached, judging.left(one[0]), one[1].key))
        return {
            "community": community,
            "at": at.isoformat(),
            "percent": data["percent"],
            "overdue": sum(run.breached for run, _ in found),
            "at_risk": sum(not run.breached for run, _ in found),
            "orders": [pressing_told(order, run) for run, order in found[:MOST_TOLD]],
            "more": len(orders) > MOST_JUDGED or len(found) > MOST_TOLD,
            "behind": behind,
        }

    def _unfinished(self, request: Request, community: str) -> list[Order]:
        """What nobody has done yet, the oldest first."""
        parts, params = visible(request.caller)
        parts.append("community = :community AND state IN ('submitted', 'dispatched')")
        found: list[Order] = self._reader.rows(
            ORDER_BOARD,
            where=" AND ".join(parts),
            params={**params, "community": community},
            order="submitted_at, key",
            limit=MOST_JUDGED + 1,
        )
        return found

    def _judged(self, community: str, orders: list[Order], at: datetime) -> list[tuple[Run, Order]]:
        """Each with the promise that presses most; without those that were promised nothing."""
        levels: Levels = self._log.load(LEVELS, levels_stream(community))[0]
        rows = self._reader.rows_of(ORDER_CLOCKS, "key", [order.key for order in orders])
        clocks = {clock.key: clock for clock in rows}
        found = []
        for order in orders:
            clock = clocks.get(order.key)
            if clock is None:
                continue
            judged = judging.judge(levels, clock.happenings, clock.submitted_at, at)
            run = judging.most_pressing(() if judged is None else judged.runs)
            if run is not None:
                found.append((run, order))
        return found
