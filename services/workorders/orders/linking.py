"""The use cases of what ties orders together: one merged into another, and what came of what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID, uuid5

import msgspec

from services.workorders.orders.application import ORDER, Orders, must_be_at
from services.workorders.orders.domain import commands as c
from services.workorders.orders.domain import following_up
from services.workorders.orders.domain.events import WorkOrderSubmitted, WorkOrderSubOrderAdded
from services.workorders.orders.domain.links import Origin, Relation, Target
from services.workorders.orders.domain.refusals import NoSuchOrder
from services.workorders.orders.domain.state import Order
from services.workorders.orders.numbers import Numbers
from services.workorders.orders.views.order_board.projection import ORDER_BOARD, Row
from services.workorders.orders.visibility import knows_of, may_see
from shared.errors import Invalid
from shared.eventlog.executor import EventLog
from shared.eventlog.records import community_of
from shared.following.reader import Reader
from shared.identity.caller import Caller
from shared.request import Request

MOST_LINKED = 100
_NAMESPACE = UUID("d6f0f3c0-2f0d-5a64-8a0e-7c1b9a3e5d41")

Data = dict[str, Any]


class Linking:
    """Commands answer ``{"id", "number", "state", "version", "log", "position"}``."""

    def __init__(self, log: EventLog, reader: Reader, orders: Orders, numbers: Numbers) -> None:
        self._numbers = numbers
        self._log = log
        self._reader = reader
        self._orders = orders

    def merge(self, request: Request, data: Data) -> Data:
        target = self._target(data["id"], data["into"])
        return self._orders.do_with(
            request, data["id"], lambda _: c.Merge(by=request.caller, target=target)
        )

    def report_again(self, request: Request, data: Data) -> Data:
        """A new order of the same place and kind follows the old one up; that stays as it is.

        Answers as ``submit`` does, of the new order.
        """
        old, version = self._log.load(ORDER, data["id"])
        if not version or not knows_of(request.caller, old):
            raise NoSuchOrder(NoSuchOrder.text)
        must_be_at(request, version)
        following_up.check(old, request.caller, self._log.clock.now())
        mine = request.caller.person in (old.reporter, old.accepter)
        return self._orders.submit(
            msgspec.structs.replace(request, expected_version=None),
            {
                "community": old.community,
                "kind": old.kind,
                "category": old.category,
                "unit": old.unit,
                "building": old.building,
                "reporter": None if mine else old.reporter,
                "accepter": old.accepter,
                "channel": data["channel"],
                "description": data["description"],
                "photos": data["photos"],
                "priority": "normal",
            },
            origin=Origin(relation="follows_up", id=data["id"], number=old.number),
        )

    def add_sub_order(self, request: Request, data: Data) -> Data:
        """Another trade is needed: a part with its own category, technician and lifecycle.

        The order's own event comes first, so that it cannot end meanwhile; should this call go no
        further, a policy submits the part.
        """
        parent = data["id"]
        context = request.context
        own = uuid5(_NAMESPACE, f"{parent}:{context.actor}:{context.command_id}")
        sub_order = f"{community_of(parent)}.{own}"

        def add(order: Order) -> c.Command:
            kind = data["kind"] or order.kind
            return c.AddSubOrder(
                by=request.caller,
                sub_order=sub_order,
                sub_number=self._numbers.next(community_of(parent), kind),
                kind=kind,
                category=data["category"],
                description=data["description"],
                priority=data["priority"],
            )

        done = self._orders.do_with(request, parent, add)
        [event] = [
            one
            for one in self._log.history(parent)
            if isinstance(one.data, WorkOrderSubOrderAdded) and one.data.sub_order == sub_order
        ]
        added = msgspec.to_builtins(event.data)
        if not self._log.load(ORDER, sub_order)[1]:
            command = sub_order_of(parent, added, by=request.caller, author=event.meta.actor)
            self._log.execute(ORDER, sub_order, command, context, new=True)
        return {**done, "sub_order": sub_order, "sub_number": added["sub_number"]}

    def links(self, request: Request, data: Data) -> Data:
        """What an order is tied to, for whoever may see it. Of orders that the caller may not see,
        no more than anybody of the community may know.
        """
        order_id, caller = data["id"], request.caller
        state, version = self._log.load(ORDER, order_id)
        if not version or not may_see(caller, state):
            raise NoSuchOrder(NoSuchOrder.text)
        behind = self._reader.wait(ORDER_BOARD, request.at_least, request.patience)
        into = state.merged.into if state.merged is not None else None
        return {
            "id": order_id,
            "merged_into": self._one(caller, into),
            "merged": self._shown(caller, self._rows("merged_into = :id", order_id)),
            "part_of": self._one(caller, self._origin(order_id, "part_of")),
            "sub_orders": self._shown(caller, self._came_of(order_id, "part_of")),
            "follows_up": self._one(caller, self._origin(order_id, "follows_up")),
            "followed_up_by": self._shown(caller, self._came_of(order_id, "follows_up")),
            "behind": behind,
        }

    def _target(self, order_id: str, into: str) -> Target:
        state = self._known(into) if community_of(into) == community_of(order_id) else None
        if state is None or state.state is None:
            raise Invalid(
                "into: there is no such order in this community",
                fields={"into": ["is no order of this community"]},
            )
        leads_to: list[str] = []
        further: Order | None = state
        while further is not None and further.merged is not None:
            if further.merged.into in leads_to:
                break
            leads_to.append(further.merged.into)
            further = self._known(further.merged.into)
        return Target(
            id=into,
            number=state.number,
            state=state.state,
            leads_to=tuple(leads_to),
            sub_order=state.parent is not None,
        )

    def _known(self, order_id: str) -> Order | None:
        state, version = self._log.load(ORDER, order_id)
        return state if version else None

    # -- reading -----------------------------------------------------------------------------------

    def _one(self, caller: Caller, order_id: str | None) -> Data | None:
        row = None if order_id is None else self._reader.row(ORDER_BOARD, order_id)
        return None if row is None else next(iter(self._shown(caller, [row])))

    def _origin(self, order_id: str, relation: Relation) -> str | None:
        first = self._log.history(order_id, upto=1)[0].data
        origin = first.origin if isinstance(first, WorkOrderSubmitted) else None
        return origin.id if origin is not None and origin.relation == relation else None

    def _came_of(self, order_id: str, relation: Relation) -> list[Row]:
        rows = self._rows("origin_id = :id", order_id)
        return [row for row in rows if row.relation == relation]

    def _rows(self, where: str, order_id: str) -> list[Row]:
        found: list[Row] = self._reader.rows(
            ORDER_BOARD,
            where=where,
            params={"id": order_id},
            order="submitted_at, key",
            limit=MOST_LINKED,
        )
        return found

    def _shown(self, caller: Caller, rows: Iterable[Row]) -> list[Data]:
        return [linked(caller, row) for row in rows]


def sub_order_of(
    parent: str, added: Mapping[str, Any], *, by: Caller, author: str
) -> c.SubmitSubOrder:
    """The command that submits a part, as ``WorkOrderSubOrderAdded`` of its order has it."""
    return c.SubmitSubOrder(
        by=by,
        id=added["sub_order"],
        number=added["sub_number"],
        kind=added["sub_kind"],
        category=added["sub_category"],
        building=added["building"],
        unit=added["unit"],
        author=author,
        description=added["description"],
        priority=added["priority"],
        origin=Origin(relation="part_of", id=parent, number=added["number"]),
    )


def linked(caller: Caller, row: Row) -> Data:
    """``visible``: whether the caller may see the order itself; who does it is for those alone."""
    told = ("number", "kind", "category", "state", "activity", "technician", "merged_into")
    found: Data = {"id": row.key, **{name: getattr(row, name) for name in told}}
    found["submitted_at"] = row.submitted_at.isoformat()
    found["visible"] = may_see(caller, _as_order(row))
    if not found["visible"]:
        found["technician"] = None
    return found


def _as_order(row: Row) -> Order:
    """As much of it as it takes to say who may see it."""
    return msgspec.structs.replace(
        Order(),
        id=row.key,
        building=row.building,
        reporter=row.reporter,
        accepter=row.accepter,
        technician=row.technician,
    )
