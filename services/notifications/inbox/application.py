"""The use cases of the inbox: look, mark as read."""

from __future__ import annotations

from typing import Any

import msgspec

from services.notifications.inbox.domain import NOTIFICATION, MarkRead
from services.notifications.inbox.views.inbox.projection import INBOX, Row
from services.notifications.inbox.views.inbox.queries import page, unread
from services.notifications.inbox.wording import render
from services.notifications.permissions import may
from shared.errors import Forbidden
from shared.eventlog.answering import answered
from shared.eventlog.executor import EventLog
from shared.following.reader import Reader
from shared.request import Request

Data = dict[str, Any]


class Inbox:
    """Every method takes data that went through its schema."""

    def __init__(self, log: EventLog, reader: Reader) -> None:
        self._log = log
        self._reader = reader

    def mark_read(self, request: Request, data: Data) -> Data:
        """Marked again, it changes nothing."""
        answer = self._log.execute(
            NOTIFICATION,
            data["id"],
            MarkRead(by=request.caller),
            request.context,
            expected_version=request.expected_version,
        )
        return answered(self._log, answer, number=answer.state.number, state="read")

    def inbox(self, request: Request, data: Data) -> Data:
        """``{"notifications": [...], "unread": count, "next", "behind"}``, the newest first."""
        person = data["person"] or request.caller.person
        if not may("inbox", request.caller, person):
            raise Forbidden("This is another person's inbox.")
        seen = request.caller.positions.get(self._log.name, 0)
        behind = self._reader.wait(INBOX, max(request.at_least or 0, seen), request.patience)
        rows, following = page(
            self._reader,
            person,
            unread=data["unread"],
            cursor=data["cursor"],
            limit=data["limit"],
        )
        return {
            "notifications": [_shown(row) for row in rows],
            "unread": unread(self._reader, person),
            "next": following,
            "behind": behind,
        }


def _shown(row: Row) -> Data:
    shown: Data = msgspec.to_builtins(row)
    del shown["position"]
    return {
        "id": shown.pop("key"),
        "text": render(row.template, row.params, row.language),
        **shown,
    }
