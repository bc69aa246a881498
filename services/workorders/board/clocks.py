"""How the clock stands of open orders: what is overdue, and what is at risk of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Literal, get_args

from msgspec import Struct

from services.workorders.orders.views.order_board.projection import Row
from services.workorders.sla import judging
from services.workorders.sla.application import levels_stream
from services.workorders.sla.domain.levels import LEVELS, Levels
from services.workorders.sla.domain.runs import Run
from services.workorders.sla.domain.targets import Target
from services.workorders.sla.views.order_clocks.projection import ORDER_CLOCKS
from shared.eventlog.executor import EventLog
from shared.following.reader import Reader

Urgency = Literal["overdue", "at_risk", "in_time"]
URGENCIES: tuple[Urgency, ...] = get_args(Urgency)
# percent of what was promised that may be used up before somebody should look
AT_RISK = 80


class Clock(Struct, frozen=True, kw_only=True):
    """What presses most of what staff have promised. ``due``: None while a pause stops it."""

    state: Urgency
    target: Target
    due: datetime | None


def clocks(log: EventLog, reader: Reader, rows: Collection[Row], at: datetime) -> dict[str, Clock]:
    """By order; without those to which nothing is promised any more."""
    levels: dict[str, Levels] = {}
    for community in {row.community for row in rows}:
        levels[community] = log.load(LEVELS, levels_stream(community))[0]
    promised = {row.key: row.community for row in rows if levels[row.community].targets}
    found: dict[str, Clock] = {}
    for clock in reader.rows_of(ORDER_CLOCKS, "key", promised):
        judged = judging.judge(
            levels[promised[clock.key]], clock.happenings, clock.submitted_at, at
        )
        pressing = _pressing(judged.runs) if judged is not None else None
        if pressing is not None:
            found[clock.key] = pressing
    return found


def _pressing(runs: Iterable[Run]) -> Clock | None:
    run = judging.most_pressing(runs)
    if run is None:
        return None
    state: Urgency = "at_risk" if judging.used(run) >= AT_RISK else "in_time"
    return Clock(state="overdue" if run.breached else state, target=run.target, due=run.due)
