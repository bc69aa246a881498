"""What goes out about web push."""

from __future__ import annotations

from marshmallow import fields

from services.notifications.push.domain import MOST_SUBSCRIPTIONS
from shared.schemas import Answer, Flag, Items, Moment, Page, Text, Uuid, Written


class PushKey(Page):
    """``key``: the application server's, in base64url; None where nothing is pushed here."""

    key = Text(100, required=True, allow_none=True)


class Subscribed(Written):
    subscription = Uuid(required=True)
    subscribed = Flag(required=True)


class Subscription(Answer):
    subscription = Uuid(required=True)
    since = Moment(required=True)


class PushSubscriptions(Page):
    """The newest first."""

    subscriptions = Items(fields.Nested(Subscription), MOST_SUBSCRIPTIONS, required=True)
