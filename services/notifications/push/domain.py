"""Web push: which browsers a person subscribed, one stream a person; and what became of a push, one
stream a message and browser.

Pushing is at least once and best effort: the inbox alone tells everything once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal
from uuid import UUID, uuid5

from msgspec import Struct
from msgspec.structs import replace

from shared.errors import NotFound
from shared.eventlog.decider import Decider
from shared.eventlog.records import Meta, community_of
from shared.privacy.personal import Personal

Left = Literal["person", "gone", "replaced"]
Outcome = Literal["delivered", "gone", "refused", "expired"]
# a person has a few devices; the oldest makes room
MOST_SUBSCRIPTIONS = 10
_NAMESPACE = UUID("8d1c2f40-6d0c-5c39-9a7b-5d7a0e3f1b64")

Secret = Annotated[str | None, Personal("person", secret=True)]


def subscriptions_id(person: str) -> str:
    """The stream of a person's subscriptions."""
    return f"{community_of(person)}.{uuid5(_NAMESPACE, person)}"


def subscription_of(endpoint: str) -> str:
    """The same browser is the same subscription, whoever uses it."""
    return str(uuid5(_NAMESPACE, endpoint))


def push_id(notification: str, subscription: str) -> str:
    return f"{community_of(notification)}.{uuid5(_NAMESPACE, f'{notification} {subscription}')}"


class PushSubscribed(Struct, frozen=True, kw_only=True):
    """``endpoint``, ``key`` and ``auth``: of RFC 8030 and RFC 8291. Whoever has them can push."""

    person: str
    subscription: str
    endpoint: Secret
    key: Secret
    auth: Secret


class PushUnsubscribed(Struct, frozen=True, kw_only=True):
    """``gone``: the push service does not know it any more. ``replaced``: by newer ones."""

    person: str
    subscription: str
    reason: Left


class PushQueued(Struct, frozen=True, kw_only=True):
    person: str
    subscription: str
    notification: str


class PushSettled(Struct, frozen=True, kw_only=True):
    """``delivered``: the push service took it. ``expired``: nobody took it for too long."""

    person: str
    subscription: str
    notification: str
    outcome: Outcome


EVENTS: dict[str, tuple[int, type]] = {
    "PushSubscribed": (1, PushSubscribed),
    "PushUnsubscribed": (1, PushUnsubscribed),
    "PushQueued": (1, PushQueued),
    "PushSettled": (1, PushSettled),
}
UPCASTERS: dict[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {}


class NoSuchSubscription(NotFound):
    """This browser is not subscribed."""


# -- subscriptions ---------------------------------------------------------------------------------


class Subscriptions(Struct, frozen=True, kw_only=True):
    """The oldest first."""

    held: tuple[str, ...] = ()


class Subscribe(Struct, frozen=True, kw_only=True):
    person: str
    endpoint: str
    key: str
    auth: str


class Unsubscribe(Struct, frozen=True, kw_only=True):
    person: str
    subscription: str
    reason: Left


def decide_subscription(
    command: Subscribe | Unsubscribe, state: Subscriptions, _meta: Meta
) -> list[PushSubscribed | PushUnsubscribed]:
    """A browser subscribed again gets its new keys. Raises ``NoSuchSubscription``."""
    if isinstance(command, Unsubscribe):
        if command.subscription not in state.held:
            raise NoSuchSubscription("This browser is not subscribed.")
        return [_left(command.person, command.subscription, command.reason)]
    subscription = subscription_of(command.endpoint)
    others = [one for one in state.held if one != subscription]
    made = PushSubscribed(
        person=command.person,
        subscription=subscription,
        endpoint=command.endpoint,
        key=command.key,
        auth=command.auth,
    )
    full = others[: max(0, len(others) - MOST_SUBSCRIPTIONS + 1)]
    return [*(_left(command.person, one, "replaced") for one in full), made]


def _left(person: str, subscription: str, reason: Left) -> PushUnsubscribed:
    return PushUnsubscribed(person=person, subscription=subscription, reason=reason)


def evolve_subscription(state: Subscriptions, event: Any, _meta: Meta) -> Subscriptions:
    others = tuple(one for one in state.held if one != event.subscription)
    subscribed = isinstance(event, PushSubscribed)
    return Subscriptions(held=(*others, event.subscription) if subscribed else others)


SUBSCRIPTIONS = Decider(
    "push_subscriptions", Subscriptions, decide_subscription, evolve_subscription
)


# -- one push --------------------------------------------------------------------------------------


class Push(Struct, frozen=True, kw_only=True):
    """``person`` None: nothing was to be pushed."""

    person: str | None = None
    subscription: str = ""
    notification: str = ""
    settled: bool = False


class Queue(Struct, frozen=True, kw_only=True):
    person: str
    subscription: str
    notification: str


class Settle(Struct, frozen=True, kw_only=True):
    outcome: Outcome


def decide_push(
    command: Queue | Settle, state: Push, _meta: Meta
) -> list[PushQueued | PushSettled]:
    """The same again changes nothing."""
    if isinstance(command, Queue):
        told = {name: getattr(command, name) for name in PushQueued.__struct_fields__}
        return [PushQueued(**told)] if state.person is None else []
    if state.person is None or state.settled:
        return []
    return [
        PushSettled(
            person=state.person,
            subscription=state.subscription,
            notification=state.notification,
            outcome=command.outcome,
        )
    ]


def evolve_push(state: Push, event: Any, _meta: Meta) -> Push:
    if isinstance(event, PushQueued):
        return Push(
            person=event.person, subscription=event.subscription, notification=event.notification
        )
    return replace(state, settled=True)


PUSH = Decider("push", Push, decide_push, evolve_push)
