"""Merging an order into another that it is about the same as, and taking that back."""

from __future__ import annotations

from typing import Any

from services.workorders.orders.domain import commands as c
from services.workorders.orders.domain import values
from services.workorders.orders.domain.lifecycle import Edge
from services.workorders.orders.domain.links import MERGE_TARGETS
from services.workorders.orders.domain.permission import refuse
from services.workorders.orders.domain.refusals import (
    IsSubOrder,
    MergeCircle,
    MergeTargetClosed,
)
from services.workorders.orders.domain.state import Order
from shared.eventlog.records import Meta


def merged(command: c.Merge, state: Order, _: Edge, meta: Meta) -> dict[str, Any]:
    target = command.target
    if target.id == state.id:
        raise values.invalid("into", "An order is not merged into itself.")
    if target.sub_order:
        raise refuse(IsSubOrder, state, command.by, meta.time)
    if state.id in target.leads_to:
        raise refuse(MergeCircle, state, command.by, meta.time)
    if target.state not in MERGE_TARGETS:
        raise refuse(MergeTargetClosed, state, command.by, meta.time)
    return {"into": target.id, "into_number": target.number}


def unmerged(command: c.Unmerge, state: Order, __: Edge, ___: Meta) -> dict[str, Any]:
    before = state.merged
    assert before is not None, "the rule is_merged holds"
    return {
        "into": before.into,
        "into_number": before.into_number,
        "state": before.state,
        "activity": before.activity,
        "technician": before.technician,
        "visit_lost": command.visit_lost,
    }
