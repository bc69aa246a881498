"""The use cases of following up: the rules, what is due, what came of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid5

import msgspec

from services.workorders.follow_ups.domain import follow_up as f
from services.workorders.follow_ups.domain import rules as r
from services.workorders.follow_ups.domain.events import FollowUpRules
from services.workorders.follow_ups.rounds import rounds
from services.workorders.follow_ups.views.follow_ups import queries
from services.workorders.follow_ups.views.follow_ups.projection import FOLLOW_UPS, Row
from services.workorders.orders.application import ORDER
from services.workorders.orders.domain import commands as c
from services.workorders.orders.domain.refusals import NoSuchOrder
from services.workorders.orders.domain.state import Order
from services.workorders.orders.domain.vocabulary import DISPATCHERS
from services.workorders.orders.visibility import SEES_ALL, knows_of
from services.workorders.register.directory import Directory
from shared.errors import Conflict, Forbidden
from shared.eventlog.answering import answered
from shared.eventlog.executor import EventLog
from shared.eventlog.store import LostRace
from shared.eventlog.unit_of_work import UnitOfWork
from shared.following.reader import Reader
from shared.request import Request

MOST_TRIES = 4

Data = dict[str, Any]


class FollowUps:
    def __init__(self, log: EventLog, reader: Reader, directory: Directory) -> None:
        self._log = log
        self._reader = reader
        self._directory = directory

    # -- the rules ---------------------------------------------------------------------------------

    def set_rules(self, request: Request, data: Data) -> Data:
        """``{"id", "edition", "version", "log", "position"}``; what is past stays as it is."""
        community = data["community"]
        self._directory.timezone(community)
        rules = FollowUpRules(**{name: data[name] for name in FollowUpRules.__struct_fields__})
        answer = self._log.execute(
            r.FOLLOW_UP_RULES,
            r.rules_id(community),
            r.SetRules(by=request.caller, community=community, rules=rules),
            request.context,
            expected_version=request.expected_version,
        )
        return answered(self._log, answer, edition=answer.state.edition)

    def rules(self, request: Request, data: Data) -> Data:
        community = data["community"]
        self._directory.timezone(community)
        if request.caller.roles(community).isdisjoint(SEES_ALL):
            raise Forbidden("Only those who look after orders there may see this.")
        state, _ = self._log.load(r.FOLLOW_UP_RULES, r.rules_id(community))
        return {"edition": state.edition, **msgspec.to_builtins(state.rules), "behind": False}

    # -- what is due -------------------------------------------------------------------------------

    def record(self, request: Request, data: Data) -> Data:
        """One try; with ``reopen`` the order is opened again in the same transaction, or neither
        is done.
        """
        for _ in range(MOST_TRIES):
            try:
                return self._record(request, data)
            except LostRace:
                continue
        raise Conflict("others kept changing the same order; read it again and retry")

    def _record(self, request: Request, data: Data) -> Data:
        order = self._known(request, data["id"])
        stream = f.follow_ups_id(data["id"])
        command = f.Record(
            by=request.caller,
            about=_about(data["id"], order),
            repairers=order.repairers,
            outcome=data["outcome"],
            satisfied=data["satisfied"],
            notes=data["notes"],
            reopen=data["reopen"],
        )
        work = UnitOfWork(self._log)
        work.add(f.FOLLOW_UPS, stream, command, request.context)
        if data["reopen"]:
            reopen = c.Reopen(by=request.caller, reason=data["notes"] or "", followed_up=True)
            context = msgspec.structs.replace(
                request.context,
                command_id=str(uuid5(UUID(request.context.command_id), "reopen")),
            )
            work.add(ORDER, data["id"], reopen, context)
        work.commit(lambda tx: None)
        state, version = self._log.load(f.FOLLOW_UPS, stream)
        return {
            "id": data["id"],
            "open": state.open,
            "attempts": state.attempts,
            "version": version,
            "log": self._log.name,
            # the order's event, if any, comes after the other
            "position": self._log.head(),
        }

    def listed(self, request: Request, data: Data) -> Data:
        """``{"follow_ups": [...], "behind"}``, for those who look after orders."""
        if not any(post.role in SEES_ALL for post in request.caller.posts):
            raise Forbidden("follow_ups is for those who look after orders.")
        behind = self._reader.wait(FOLLOW_UPS, request.at_least, request.patience)
        rows = queries.listed(
            self._reader,
            request.caller,
            community=data["community"],
            open=data["open"],
            limit=data["limit"],
        )
        return {"follow_ups": [self._shown(row) for row in rows], "behind": behind}

    def of_order(self, request: Request, data: Data) -> Data:
        """Every follow-up of one order with what was said, for the staff who look after it."""
        order = self._known(request, data["id"])
        roles = request.caller.roles(order.community, order.building)
        if roles.isdisjoint(SEES_ALL):
            raise Forbidden("Only those who look after the order may see this.")
        found = rounds(self._log.history(f.follow_ups_id(data["id"])))
        state, version = self._log.load(f.FOLLOW_UPS, f.follow_ups_id(data["id"]))
        mine = request.caller.person in order.repairers
        return {
            "id": data["id"],
            "version": version,
            "may_record": state.open and not mine and not roles.isdisjoint(DISPATCHERS),
            "follow_ups": found,
            "behind": False,
        }

    def _known(self, request: Request, order_id: str) -> Order:
        order, version = self._log.load(ORDER, order_id)
        if not version or not knows_of(request.caller, order):
            raise NoSuchOrder(NoSuchOrder.text)
        found: Order = order
        return found

    def _shown(self, row: Row) -> Data:
        told: Data = msgspec.to_builtins(row)
        del told["key"]
        late = row.open and row.due_at < self._log.clock.now()
        return {"id": told.pop("order_id"), **told, "overdue": late}


def _about(order_id: str, order: Order) -> f.About:
    names = [name for name in f.About.__struct_fields__ if name != "order"]
    return f.About(order=order_id, **{name: getattr(order, name) for name in names})
