"""When something happens to an order that its clock looks at, its next escalation is timed anew.

A timer set before stays; should it still fire, the clock then says that nothing is due. So the
timers need not be right, but there must be one for the earliest step: every event sees to that, an
escalation among them, and so do new ladders, for every open order.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from weakref import WeakKeyDictionary

from services.workorders.sla.domain.escalations import next_due
from services.workorders.sla.domain.happenings import RELEVANT
from services.workorders.sla.domain.ladder import steps
from services.workorders.sla.domain.levels import Levels
from services.workorders.sla.judging import judge
from services.workorders.sla.views.order_clocks.projection import ORDER_CLOCKS, Row, key
from services.workorders.sla.views.service_levels.projection import SERVICE_LEVELS
from shared.following.handlers import Done, Policy, Retry, SetTimer
from shared.following.reader import Reader
from shared.following.tables import moment_text
from shared.messaging.envelope import Fact

LADDERS = "EscalationLaddersSet"
PAUSE_SECONDS = 0.05

# by reader: up to which position a community is known to have promised nothing
_silent: WeakKeyDictionary[Reader, dict[str, int]] = WeakKeyDictionary()


def decide(fact: Fact, reader: Reader) -> Done | Retry:
    if fact.position <= _silent.setdefault(reader, {}).get(fact.community, 0):
        return Done()
    if not (
        reader.has_reached(SERVICE_LEVELS, fact.position)
        and reader.has_reached(ORDER_CLOCKS, fact.position)
    ):
        return Retry(PAUSE_SECONDS, "the views of the clock are a moment behind")
    levels = _levels(fact.community, reader)
    if levels is None:
        return Done()
    if fact.type == LADDERS:
        rows = reader.rows(
            ORDER_CLOCKS,
            where="community = :community AND open = :yes",
            params={"community": fact.community, "yes": True},
        )
    else:
        row = reader.row(ORDER_CLOCKS, key(fact))
        rows = [] if row is None else [row]
    at = max(fact.time, fact.occurred_at)
    return Done(*(timer for row in rows for timer in _timer(row, levels, at, fact.id)))


def _levels(community: str, reader: Reader) -> Levels | None:
    """None where nothing is promised: then one look does for all events up to that position."""
    position = reader.position(SERVICE_LEVELS)
    row = reader.recent_row(SERVICE_LEVELS, community)
    if row is None:
        _silent[reader][community] = position
        return None
    levels: Levels = row.levels
    return levels


def _timer(row: Row, levels: Levels, at: datetime, cause: str) -> Iterator[SetTimer]:
    judged = judge(levels, row.happenings, row.submitted_at, at)
    if judged is None or not levels.ladders:
        return
    climbed = steps(levels.ladders[-1].ladders, kind=row.kind, category=row.category)
    found = next_due(judged.runs, climbed, row.fired, judged.calendar.calendar)
    if found is None:
        return
    due = moment_text(found.at)
    yield SetTimer(
        subject=row.key,
        # the cause is in it: what came to nothing once may come to something at the same time
        rule=f"escalate after {cause}",
        due=due,
        method="workorders.escalate",
        request={"id": row.key, "due": due},
    )


POLICY = Policy(
    name="when_order_moves_then_set_the_time_of_its_next_escalation",
    follows="workorders",
    handles=dict.fromkeys((*sorted(RELEVANT), "WorkOrderEscalated", LADDERS), 1),
    decide=decide,
)
