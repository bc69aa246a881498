"""When work is accepted or rated low, its follow-up is due by the community's rules; when the
order is opened again before anybody asked, it is due no more.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

from services.workorders.follow_ups.domain.events import Reason
from services.workorders.follow_ups.domain.follow_up import (
    FOLLOW_UPS,
    About,
    Drop,
    Due,
    follow_ups_id,
)
from services.workorders.follow_ups.domain.rules import on_acceptance
from services.workorders.follow_ups.views.follow_up_rules.projection import FOLLOW_UP_RULES, Row
from shared.following.handlers import Do, Done, Policy, Retry
from shared.following.reader import Reader
from shared.messaging.envelope import Fact

NAME = "when_work_settled_or_reopened_then_its_follow_up_is_due_or_dropped"
PAUSE_SECONDS = 0.05


def decide(fact: Fact, reader: Reader) -> Done | Retry:
    if fact.type == "WorkOrderReopened":
        return Done(_do(fact, Drop(about=_about(fact))))
    if not reader.has_reached(FOLLOW_UP_RULES, fact.position):
        return Retry(PAUSE_SECONDS, "the view of the rules is a moment behind")
    row: Row | None = reader.recent_row(FOLLOW_UP_RULES, fact.community)
    reason = None if row is None else _reason(fact, row)
    if row is None or reason is None:
        return Done()
    due = Due(
        about=_about(fact),
        reason=reason,
        stars=fact.data.get("stars"),
        due_at=fact.time + timedelta(hours=row.rules.within_hours),
        edition=row.edition,
    )
    return Done(_do(fact, due))


def _reason(fact: Fact, row: Row) -> Reason | None:
    if fact.data["accepter"] is None:
        return None
    if fact.type == "WorkOrderRated":
        return "low_rating" if fact.data["stars"] <= row.rules.low_stars else None
    return on_acceptance(row.rules, fact.id, checked=fact.data["checked"])


def _about(fact: Fact) -> About:
    names = [name for name in About.__struct_fields__ if name != "order"]
    return About(order=fact.subject, **{name: fact.data[name] for name in names})


def _do(fact: Fact, command: Any) -> Do:
    return Do(
        decider=FOLLOW_UPS,
        stream=follow_ups_id(fact.subject),
        command=command,
        command_id=str(uuid5(UUID(fact.id), NAME)),
    )


POLICY = Policy(
    name=NAME,
    follows="workorders",
    handles=dict.fromkeys(("WorkOrderAccepted", "WorkOrderRated", "WorkOrderReopened"), 1),
    decide=decide,
)
