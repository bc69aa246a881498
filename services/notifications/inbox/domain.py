"""A notification: told to one person once, read by them once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from msgspec import Struct
from msgspec.structs import replace

from services.notifications.permissions import may
from shared.errors import Forbidden, NotFound
from shared.eventlog.decider import Decider
from shared.eventlog.records import Meta
from shared.identity.caller import Caller

# codes and numbers alone: no personal text
Params = dict[str, str | int]


class NotificationPosted(Struct, frozen=True, kw_only=True):
    """``template`` with ``params`` is the text; ``about`` is the order's or bill's id.

    Of a calendar, ``number`` is the year.
    """

    person: str
    template: str
    params: Params
    language: str
    about: str
    number: str


class NotificationRead(Struct, frozen=True, kw_only=True):
    person: str
    about: str
    number: str


EVENTS: dict[str, tuple[int, type]] = {
    "NotificationPosted": (1, NotificationPosted),
    "NotificationRead": (1, NotificationRead),
}
UPCASTERS: dict[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {}


class Notification(Struct, frozen=True, kw_only=True):
    """``person`` None: nothing was posted."""

    person: str | None = None
    about: str = ""
    number: str = ""
    read: bool = False


class Post(Struct, frozen=True, kw_only=True):
    person: str
    template: str
    params: Params
    language: str
    about: str
    number: str


class MarkRead(Struct, frozen=True, kw_only=True):
    by: Caller


class NoSuchNotification(NotFound):
    text: ClassVar[str] = "There is no such notification."


class NotYourNotification(Forbidden):
    """Only the person it was told to marks it as read."""


def decide(
    command: Post | MarkRead, state: Notification, _meta: Meta
) -> list[NotificationPosted | NotificationRead]:
    """Posting and reading again change nothing. Raises the errors above."""
    match command:
        case Post():
            if state.person is not None:
                return []
            told = {name: getattr(command, name) for name in Post.__struct_fields__}
            return [NotificationPosted(**told)]
        case MarkRead():
            if state.person is None:
                raise NoSuchNotification(NoSuchNotification.text)
            if not may("mark_read", command.by, state.person):
                raise NotYourNotification("This notification is another person's.")
            if state.read:
                return []
            return [NotificationRead(person=state.person, about=state.about, number=state.number)]


def evolve(state: Notification, event: Any, _meta: Meta) -> Notification:
    match event:
        case NotificationPosted():
            return Notification(person=event.person, about=event.about, number=event.number)
        case NotificationRead():
            return replace(state, read=True)
    return state


NOTIFICATION = Decider("notification", Notification, decide, evolve)
