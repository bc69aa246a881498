"""The use cases of following an order."""

from __future__ import annotations

from typing import Any

from services.workorders.dispatching.views.assignments.projection import ASSIGNMENTS, Row
from services.workorders.followers.answers import MOST_FOLLOWED
from services.workorders.followers.domain import FOLLOWERS, Follow, Unfollow, followers_id
from services.workorders.followers.views.followed.projection import FOLLOWED
from services.workorders.orders.application import ORDER
from services.workorders.orders.domain.refusals import NoSuchOrder
from services.workorders.orders.visibility import knows_of
from shared.eventlog.answering import answered
from shared.eventlog.executor import EventLog
from shared.following.reader import Reader
from shared.request import Request

OPEN = ("submitted", "dispatched", "repaired")

Data = dict[str, Any]


class Following:
    """Commands answer ``{"id", "following", "version", "log", "position"}``, ``id`` the order's."""

    def __init__(self, log: EventLog, reader: Reader) -> None:
        self._log = log
        self._reader = reader

    def follow(self, request: Request, data: Data) -> Data:
        """For everybody of the order's community."""
        order, _ = self._log.load(ORDER, data["id"])
        if order.state is None or not knows_of(request.caller, order):
            raise NoSuchOrder(NoSuchOrder.text)
        command = Follow(
            person=request.caller.person,
            order=data["id"],
            number=order.number,
            kind=order.kind,
            category=order.category,
            building=order.building,
            open=order.state in OPEN,
        )
        return self._do(request, data["id"], command)

    def unfollow(self, request: Request, data: Data) -> Data:
        command = Unfollow(person=request.caller.person, order=data["id"])
        return self._do(request, data["id"], command)

    def followed(self, request: Request, data: Data) -> Data:
        """What the caller follows, no more of it than a follower may see: ``{"orders": [{"id",
        "number", "kind", "category", "building", "state", "submitted_at"}], "behind"}``.
        """
        behind = self._reader.wait(FOLLOWED, request.at_least, request.patience)
        rows = self._reader.rows(
            FOLLOWED,
            where="person = :me",
            params={"me": request.caller.person},
            limit=MOST_FOLLOWED,
        )
        orders = [self._reader.row(ASSIGNMENTS, row.order_id) for row in rows]
        return {
            "orders": [outline(row) for row in orders if row is not None],
            "behind": behind,
        }

    def _do(self, request: Request, order: str, command: Follow | Unfollow) -> Data:
        answer = self._log.execute(
            FOLLOWERS,
            followers_id(order),
            command,
            request.context,
            expected_version=request.expected_version,
        )
        return answered(
            self._log, answer, id=order, following=request.caller.person in answer.state.people
        )


def outline(row: Row) -> Data:
    """What anybody of the community may see of an order: nobody's name, words or door."""
    shown = ("number", "kind", "category", "building", "state")
    return {
        "id": row.key,
        **{name: getattr(row, name) for name in shown},
        "submitted_at": row.submitted_at.isoformat(),
    }
