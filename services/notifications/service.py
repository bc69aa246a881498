"""The RPC surface of ``notifications``."""

from __future__ import annotations

from typing import Any

from services.notifications.inbox import answers, schemas
from services.notifications.inbox.application import Inbox
from shared.hosting.gate import Gate
from shared.hosting.rpc import method
from shared.request import Request

Data = dict[str, Any]


class NotificationsService:
    name = "notifications"
    gate = Gate()

    @property
    def box(self) -> Inbox:
        found: Inbox = self.gate.parts.applications["inbox"]
        return found

    @method(schemas.Inbox, answers.Notifications)
    def inbox(self, request: Request, data: Data) -> Data:
        return self.box.inbox(request, data)

    @method(schemas.MarkRead, answers.Read)
    def mark_read(self, request: Request, data: Data) -> Data:
        return self.box.mark_read(request, data)
