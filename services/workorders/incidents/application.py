"""The use cases of incidents."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid5

from services.workorders.incidents.domain import (
    INCIDENT,
    Answer,
    Close,
    Command,
    Incident,
    NoSuchIncident,
    Open,
)
from services.workorders.incidents.views.incidents.projection import INCIDENTS, Row
from services.workorders.incidents.views.incidents.queries import latest, open_at
from services.workorders.orders.views.order_board.projection import ORDER_BOARD
from services.workorders.orders.visibility import SEES_ALL
from services.workorders.register.directory import Directory
from shared.errors import Forbidden
from shared.eventlog.answering import answered
from shared.eventlog.executor import EventLog
from shared.eventlog.records import community_of
from shared.following.reader import Reader
from shared.identity.caller import EVERY, Caller
from shared.request import Request

MOST_SHOWN = 100
_NAMESPACE = UUID("e1c55d0b-55a2-5cf4-a4a1-0a4f51f2f3d7")

Data = dict[str, Any]


class Incidents:
    """Commands answer ``{"id", "open", "reports", "version", "log", "position"}``."""

    def __init__(self, log: EventLog, reader: Reader, directory: Directory) -> None:
        self._log = log
        self._reader = reader
        self._directory = directory

    def open_incident(self, request: Request, data: Data) -> Data:
        community = data["community"]
        for building in data["buildings"]:
            self._directory.place(community, unit=None, building=building)
        context = request.context
        own = uuid5(_NAMESPACE, f"{context.actor}:{context.command_id}")
        incident = f"{community}.{own}"
        command = Open(
            by=request.caller,
            incident=incident,
            kind=data["kind"],
            category=data["category"],
            affected=tuple(data["buildings"]),
            notice=data["notice"],
            expected_end=data["expected_end"],
            known=self._known(incident, data),
        )
        return self._do(request, incident, command)

    def answer_incident(self, request: Request, data: Data) -> Data:
        """Say how it stands: all who reported it are told that there is news."""
        command = Answer(
            by=request.caller,
            incident=data["id"],
            notice=data["notice"],
            expected_end=data["expected_end"],
        )
        return self._do(request, data["id"], command)

    def close_incident(self, request: Request, data: Data) -> Data:
        command = Close(by=request.caller, incident=data["id"])
        return self._do(request, data["id"], command)

    def incidents(self, request: Request, data: Data) -> Data:
        """For everybody of the community: ``{"incidents": [{"id", "kind", "category", "buildings",
        "notice", "opened_at", "expected_end", "closed_at", "reports"}], "behind"}``.
        """
        community = data["community"]
        self._directory.timezone(community)
        if not belongs(request.caller, community):
            raise Forbidden("You have no business in that community.")
        behind = self._reader.wait(INCIDENTS, request.at_least, request.patience)
        rows = (
            open_at(self._reader, community)
            if data["open"]
            else latest(self._reader, community, MOST_SHOWN)
        )
        return {"incidents": [self.shown(row) for row in rows], "behind": behind}

    def incident(self, request: Request, data: Data) -> Data:
        """One incident with the orders linked to it, for those who look after orders there:
        ``{"incident", "orders": [{"id", "number", "building", "unit", "state", "activity",
        "submitted_at"}], "behind"}``.
        """
        id_ = data["id"]
        if request.caller.roles(community_of(id_)).isdisjoint(SEES_ALL):
            raise NoSuchIncident("There is no such incident.")
        behind = any(
            self._reader.wait(view, request.at_least, request.patience)
            for view in (INCIDENTS, ORDER_BOARD)
        )
        row = self._reader.row(INCIDENTS, id_)
        if row is None:
            raise NoSuchIncident("There is no such incident.")
        state: Incident = self._log.load(INCIDENT, id_)[0]
        linked = [one.order for one in state.reports]
        orders = {order.key: order for order in self._reader.rows_of(ORDER_BOARD, "key", linked)}
        shown = ("number", "building", "unit", "state", "activity")
        return {
            "incident": self.shown(row),
            "orders": [
                {
                    "id": one,
                    **{name: getattr(orders[one], name) for name in shown},
                    "submitted_at": orders[one].submitted_at.isoformat(),
                }
                for one in linked
                if one in orders
            ],
            "behind": behind,
        }

    def shown(self, row: Row) -> Data:
        (said,) = self._log.history(row.key, after=row.notice_version - 1, upto=row.notice_version)
        return {
            "id": row.key,
            "kind": row.kind,
            "category": row.category,
            "buildings": list(row.affected),
            "notice": said.data.notice,
            "opened_at": row.opened_at.isoformat(),
            "expected_end": row.expected_end and row.expected_end.isoformat(),
            "closed_at": row.closed_at and row.closed_at.isoformat(),
            "reports": row.reports,
        }

    def _known(self, incident: str, data: Data) -> str | None:
        """What is said of an open one that is about any of these buildings: reports there are
        linked to one alone.
        """
        # announced all the same where this cannot be seen in time
        self._reader.wait(INCIDENTS, self._log.head())
        for row in open_at(self._reader, data["community"]):
            if row.key != incident and any(
                row.covers(data["kind"], data["category"], one) for one in data["buildings"]
            ):
                return self.shown(row)["notice"] or row.key
        return None

    def _do(self, request: Request, incident: str, command: Command) -> Data:
        answer = self._log.execute(
            INCIDENT,
            incident,
            command,
            request.context,
            expected_version=request.expected_version,
        )
        return answered(
            self._log,
            answer,
            id=incident,
            open=answer.state.open,
            reports=len(answer.state.reports),
        )


def belongs(caller: Caller, community: str) -> bool:
    """Whether the caller lives or works there."""
    return any(post.community in (community, EVERY) for post in caller.posts)
