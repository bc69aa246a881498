"""The orders that wait, as dispatching sees them, put together from what is known."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from services.workorders.dispatching.domain.assignment import WaitingOrder
from services.workorders.dispatching.domain.rules import DispatchRules
from services.workorders.dispatching.domain.urgency import urgency
from services.workorders.dispatching.views.assignments.projection import Row
from services.workorders.sla.application import levels_stream
from services.workorders.sla.domain.happenings import priority_of
from services.workorders.sla.domain.levels import LEVELS, Levels
from services.workorders.sla.judging import judge
from services.workorders.sla.views.order_clocks.projection import ORDER_CLOCKS
from services.workorders.sla.views.order_clocks.projection import Row as Clock
from services.workorders.staff.domain.record import Span
from services.workorders.staff.domain.vocabulary import skill_for
from shared.eventlog.executor import EventLog
from shared.following.reader import Reader


def waiting_orders(
    log: EventLog,
    reader: Reader,
    community: str,
    rows: Collection[Row],
    rules: DispatchRules,
    at: datetime,
) -> list[WaitingOrder]:
    """These orders of one community, as urgent as they are at ``at``."""
    levels: Levels = log.load(LEVELS, levels_stream(community))[0]
    clocks: dict[str, Clock] = {}
    if levels.targets:
        found = reader.rows_of(ORDER_CLOCKS, "key", [row.key for row in rows])
        clocks = {clock.key: clock for clock in found}
    return [
        WaitingOrder(
            order=row.key,
            building=row.building,
            skill=skill_for(row.kind, row.category),
            certificate_required=rules.rule(row.kind, row.category).certificate_required,
            urgency=_urgency(row, clocks.get(row.key), levels, at),
            visit=_visit(row),
        )
        for row in rows
    ]


def _visit(row: Row) -> Span | None:
    if row.visit_starts is None or row.visit_ends is None:
        return None
    return Span(id=row.key, starts=row.visit_starts, ends=row.visit_ends)


def _urgency(row: Row, clock: Clock | None, levels: Levels, at: datetime) -> int:
    judged = None if clock is None else judge(levels, clock.happenings, clock.submitted_at, at)
    if clock is None or judged is None:
        return urgency(row.category, row.submitted_at, at)
    return urgency(
        row.category,
        row.submitted_at,
        at,
        runs=judged.runs,
        priority=priority_of(clock.happenings),
    )
