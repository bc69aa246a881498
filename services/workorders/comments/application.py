"""The use cases of comments."""

from __future__ import annotations

from typing import Any

from services.workorders.comments.domain import COMMENTS, Add, among_staff, comments_id, side_of
from services.workorders.orders.application import ORDER
from services.workorders.orders.domain.refusals import NoSuchOrder
from services.workorders.orders.domain.state import Order
from services.workorders.orders.visibility import takes_part
from shared.eventlog.answering import answered
from shared.eventlog.executor import EventLog
from shared.eventlog.records import Recorded
from shared.request import Request

Data = dict[str, Any]


class Comments:
    def __init__(self, log: EventLog) -> None:
        self._log = log

    def comment(self, request: Request, data: Data) -> Data:
        """``{"id", "version", "log", "position"}``, ``id`` the order's."""
        order = self._visible(request, data["id"])
        answer = self._log.execute(
            COMMENTS,
            comments_id(data["id"], internal=data["internal"]),
            Add(by=request.caller, order=order, **data),
            request.context,
            expected_version=request.expected_version,
        )
        return answered(self._log, answer, id=data["id"])

    def comments(self, request: Request, data: Data) -> Data:
        order = self._visible(request, data["id"])
        inside = among_staff(request.caller, order)
        events = self._log.history(comments_id(data["id"], internal=False))
        if inside:
            events += self._log.history(comments_id(data["id"], internal=True))
        events.sort(key=lambda event: event.meta.time)
        side = side_of(request.caller, order)
        return {
            "id": data["id"],
            "count": len(events),
            "may_comment": side is not None,
            "may_comment_internally": inside and side is not None,
            "comments": [_told(event) for event in events],
            "behind": False,
        }

    def _visible(self, request: Request, order_id: str) -> Order:
        order, version = self._log.load(ORDER, order_id)
        if not version or not takes_part(request.caller, order):
            raise NoSuchOrder(NoSuchOrder.text)
        found: Order = order
        return found


def _told(event: Recorded) -> Data:
    return {
        "id": event.id,
        "at": event.meta.time.isoformat(),
        "by": event.meta.actor,
        "side": event.data.side,
        "internal": event.data.internal,
        "text": event.data.text,
    }
