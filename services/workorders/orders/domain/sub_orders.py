"""The parts of an order that takes several trades, each an order with a lifecycle of its own."""

from __future__ import annotations

from typing import Any

from services.workorders.orders.domain import commands as c
from services.workorders.orders.domain import values
from services.workorders.orders.domain.categories import CATEGORIES
from services.workorders.orders.domain.lifecycle import Edge
from services.workorders.orders.domain.permission import refuse
from services.workorders.orders.domain.refusals import NoOpenSubOrder
from services.workorders.orders.domain.state import Order
from services.workorders.orders.domain.vocabulary import KINDS, PRIORITIES
from shared.eventlog.records import Meta

Details = dict[str, Any]


def added(command: c.AddSubOrder, _: Order, __: Edge, ___: Meta) -> Details:
    kind = values.one_of(command.kind, KINDS, "kind")
    return {
        "sub_order": values.text(command.sub_order, "sub_order"),
        "sub_number": values.text(command.sub_number, "sub_number"),
        "sub_kind": kind,
        "sub_category": values.one_of(command.category, CATEGORIES[kind], "category"),
        "description": values.text(command.description, "description"),
        "priority": values.one_of(command.priority, PRIORITIES, "priority"),
    }


def submitted(command: c.SubmitSubOrder, _: Order, __: Edge, ___: Meta) -> Details:
    """Nobody is asked to accept it: the whole order is accepted."""
    return {
        "id": command.id,
        "number": command.number,
        "kind": values.one_of(command.kind, KINDS, "kind"),
        "category": values.text(command.category, "category"),
        "building": command.building,
        "unit": command.unit,
        "reporter": None,
        "accepter": None,
        "accepter_kind": "staff",
        "channel": "page",
        "taken_by": None,
        "author": command.author,
        "description": command.description,
        "priority": values.one_of(command.priority, PRIORITIES, "priority"),
        "origin": command.origin,
    }


def finished(command: c.FinishSubOrder, state: Order, _: Edge, meta: Meta) -> Details:
    if command.sub_order not in state.open_sub_orders:
        raise refuse(NoOpenSubOrder, state, command.by, meta.time)
    return {
        "sub_order": command.sub_order,
        "sub_number": command.sub_number,
        "sub_state": command.sub_state,
        "sub_technician": command.sub_technician,
        "left": len(state.open_sub_orders) - 1,
    }
