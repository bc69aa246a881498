"""The RPC surface of ``notifications``."""

from __future__ import annotations

from typing import Any

from services.notifications.inbox import answers, schemas
from services.notifications.inbox.application import Inbox
from services.notifications.push import answers as pushed
from services.notifications.push import schemas as push
from services.notifications.push.application import Subscribing
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

    @property
    def subscribing(self) -> Subscribing:
        found: Subscribing = self.gate.parts.applications["push"]
        return found

    @method(schemas.Inbox, answers.Notifications)
    def inbox(self, request: Request, data: Data) -> Data:
        return self.box.inbox(request, data)

    @method(schemas.MarkRead, answers.Read)
    def mark_read(self, request: Request, data: Data) -> Data:
        return self.box.mark_read(request, data)

    @method(push.PushKey, pushed.PushKey)
    def push_key(self, request: Request, data: Data) -> Data:
        return self.subscribing.push_key(request, data)

    @method(push.SubscribePush, pushed.Subscribed)
    def subscribe_push(self, request: Request, data: Data) -> Data:
        return self.subscribing.subscribe_push(request, data)

    @method(push.UnsubscribePush, pushed.Subscribed)
    def unsubscribe_push(self, request: Request, data: Data) -> Data:
        return self.subscribing.unsubscribe_push(request, data)

    @method(push.PushSubscriptions, pushed.PushSubscriptions)
    def push_subscriptions(self, request: Request, data: Data) -> Data:
        return self.subscribing.push_subscriptions(request, data)
