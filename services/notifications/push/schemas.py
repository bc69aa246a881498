"""What comes in about web push."""

from __future__ import annotations

from shared.schemas import Command, Query, Text, Uuid


class PushKey(Query):
    """What browsers subscribe with."""


class SubscribePush(Command):
    """As a browser's ``PushSubscription`` has it; the same browser's last one counts."""

    class Meta(Command.Meta):
        exclude = ("occurred_at",)

    endpoint = Text(1000, required=True)
    key = Text(120, required=True)
    auth = Text(40, required=True)


class UnsubscribePush(Command):
    class Meta(Command.Meta):
        exclude = ("occurred_at",)

    subscription = Uuid(load_default=None, allow_none=True)
    endpoint = Text(1000, load_default=None, allow_none=True)


class PushSubscriptions(Query):
    """The caller's own."""
