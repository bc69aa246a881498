"""The use cases of web push: subscribe a browser, take it back, see what is subscribed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from services.notifications.push.domain import (
    MOST_SUBSCRIPTIONS,
    SUBSCRIPTIONS,
    Subscribe,
    Unsubscribe,
    subscription_of,
    subscriptions_id,
)
from services.notifications.push.endpoints import AUTH_BYTES, KEY_BYTES, allowed, decoded
from services.notifications.push.message import CURVE, Sender
from services.notifications.push.views.subscriptions.projection import SUBSCRIBED
from shared.errors import Invalid, Refused
from shared.eventlog.answering import answered
from shared.eventlog.executor import EventLog
from shared.following.reader import Reader
from shared.request import Request

Data = dict[str, Any]


class PushIsOff(Refused):
    """This platform has no key to push with."""


class Subscribing:
    """``sender`` None: nothing is pushed. ``hosts``: where push services are."""

    def __init__(
        self, log: EventLog, reader: Reader, sender: Sender | None, hosts: Sequence[str]
    ) -> None:
        self._log = log
        self._reader = reader
        self._sender = sender
        self._hosts = hosts

    def push_key(self, request: Request, data: Data) -> Data:
        return {"key": self._sender.public if self._sender else None, "behind": False}

    def subscribe_push(self, request: Request, data: Data) -> Data:
        """For the caller; raises ``PushIsOff``."""
        if self._sender is None:
            raise PushIsOff("Nothing is pushed here.")
        _check(data, self._hosts)
        command = Subscribe(person=request.caller.person, **data)
        return self._do(request, command, subscription_of(data["endpoint"]))

    def unsubscribe_push(self, request: Request, data: Data) -> Data:
        if (data["subscription"] is None) == (data["endpoint"] is None):
            text = "Give either the subscription or its endpoint."
            raise Invalid(text, fields={"subscription": [text]})
        subscription = data["subscription"] or subscription_of(data["endpoint"])
        command = Unsubscribe(
            person=request.caller.person, subscription=subscription, reason="person"
        )
        return self._do(request, command, subscription)

    def push_subscriptions(self, request: Request, data: Data) -> Data:
        behind = self._reader.wait(SUBSCRIBED, request.at_least, request.patience)
        rows = self._reader.rows(
            SUBSCRIBED,
            where="person = :person",
            params={"person": request.caller.person},
            order="since DESC, key",
            limit=MOST_SUBSCRIPTIONS,
        )
        found = [{"subscription": row.key, "since": row.since.isoformat()} for row in rows]
        return {"subscriptions": found, "behind": behind}

    def _do(self, request: Request, command: Subscribe | Unsubscribe, subscription: str) -> Data:
        answer = self._log.execute(
            SUBSCRIPTIONS,
            subscriptions_id(request.caller.person),
            command,
            request.context,
            expected_version=request.expected_version,
        )
        return answered(
            self._log,
            answer,
            subscription=subscription,
            subscribed=subscription in answer.state.held,
        )


def _check(data: Data, hosts: Sequence[str]) -> None:
    faults = {}
    if not allowed(data["endpoint"], hosts):
        faults["endpoint"] = ["This is no address of a push service that is known here."]
    key = decoded(data["key"], KEY_BYTES)
    if key is None or not _on_curve(key):
        faults["key"] = ["A P-256 point of 65 bytes in base64url is expected."]
    if decoded(data["auth"], AUTH_BYTES) is None:
        faults["auth"] = ["16 bytes in base64url are expected."]
    if faults:
        raise Invalid("This is no push subscription.", fields=faults)


def _on_curve(key: bytes) -> bool:
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(CURVE, key)
    except ValueError:
        return False
    return True
