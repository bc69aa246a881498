"""What the public sees of finished work: a board a community, one stream of it a published order.

Nothing is published by itself. A manager opens the community's board; whoever dispatches there then
publishes single works, with the photos and the caption that they chose for everybody's eyes.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal, get_args
from uuid import UUID, uuid5

from msgspec import Struct
from msgspec.structs import replace

from services.workorders.orders.domain.order_event import ActorsText
from services.workorders.orders.domain.vocabulary import DISPATCHERS, Kind, State
from shared.errors import Forbidden, Invalid, NotFound, Refused
from shared.eventlog.decider import Decider
from shared.eventlog.records import Meta, community_of
from shared.identity.caller import Caller

Unsuitable = Literal["personal", "offensive", "wrong_photo", "other"]
UNSUITABLE: tuple[Unsuitable, ...] = get_args(Unsuitable)
FINISHED: tuple[State, ...] = ("accepted", "rated")
MANAGERS = frozenset({"manager", "admin"})
# those of one work that nobody has looked at yet; more say nothing new
MOST_FLAGS = 20
_NAMESPACE = UUID("5b0e4d0a-0d1f-5c7e-a1f4-0c8d3f7b9e21")


def board_id(community: str) -> str:
    return f"{community}.{uuid5(_NAMESPACE, 'board')}"


def publication_id(order: str) -> str:
    return f"{community_of(order)}.{uuid5(_NAMESPACE, order)}"


class PublicBoardSet(Struct, frozen=True, kw_only=True):
    """Whether the community has a public work board."""

    open: bool


class PublishedWork(Struct, frozen=True, kw_only=True):
    """The place keys every event of a publication carries. Never the unit."""

    order: str
    number: str
    kind: Kind
    category: str
    building: str | None


class WorkPublished(PublishedWork, frozen=True, kw_only=True):
    """``photos``: some of those after the repair. Published again, the last one counts."""

    submitted_at: datetime
    repaired_at: datetime
    accepted_at: datetime
    photos: tuple[str, ...]
    caption: ActorsText


class PublishedWorkFlagged(PublishedWork, frozen=True, kw_only=True):
    """Somebody of the public finds its photos or words unsuitable.

    ``count``: so many did since somebody looked at it, this one among them.
    """

    reason: Unsuitable
    count: int


class PublishedWorkHidden(PublishedWork, frozen=True, kw_only=True):
    reason: Unsuitable


class PublishedWorkRestored(PublishedWork, frozen=True, kw_only=True):
    """Looked at and found fit: shown, and nothing said against it any more."""


Event = WorkPublished | PublishedWorkFlagged | PublishedWorkHidden | PublishedWorkRestored
EVENTS: dict[str, tuple[int, type]] = {
    "PublicBoardSet": (1, PublicBoardSet),
    "WorkPublished": (1, WorkPublished),
    "PublishedWorkFlagged": (1, PublishedWorkFlagged),
    "PublishedWorkHidden": (1, PublishedWorkHidden),
    "PublishedWorkRestored": (1, PublishedWorkRestored),
}
UPCASTERS: dict[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {}


class NotYoursToPublish(Forbidden):
    """Only those who dispatch there publish, hide and restore; only managers open the board."""


class NotPublished(NotFound):
    """There is no such published work."""


class NoBoard(Refused):
    """The community has no public work board."""


class NotPublishable(Refused):
    """Only repairs that were accepted are published."""


class HiddenWork(Refused):
    """It is hidden: restore it first."""


# -- the board -------------------------------------------------------------------------------------


class PublicBoard(Struct, frozen=True, kw_only=True):
    open: bool = False


class SetBoard(Struct, frozen=True, kw_only=True):
    by: Caller
    community: str
    open: bool


def decide_board(command: SetBoard, state: PublicBoard, _meta: Meta) -> list[PublicBoardSet]:
    if command.by.roles(command.community).isdisjoint(MANAGERS):
        raise NotYoursToPublish("Only the community's managers open and close its public board.")
    return [] if command.open == state.open else [PublicBoardSet(open=command.open)]


def evolve_board(_state: PublicBoard, event: PublicBoardSet, _meta: Meta) -> PublicBoard:
    return PublicBoard(open=event.open)


PUBLIC_BOARD = Decider("public_board", PublicBoard, decide_board, evolve_board)


# -- one work --------------------------------------------------------------------------------------


class Publication(Struct, frozen=True, kw_only=True):
    """``work`` None: never published. ``flags``: what was said against it since it was looked at.

    ``accepted_at``: of the acceptance it was published after; opened again, it is not shown.
    """

    work: PublishedWork | None = None
    submitted_at: datetime | None = None
    repaired_at: datetime | None = None
    accepted_at: datetime | None = None
    photos: tuple[str, ...] = ()
    hidden: bool = False
    flags: tuple[Unsuitable, ...] = ()


class Publish(Struct, frozen=True, kw_only=True):
    """``after``: the photos of the repair. ``board``: whether the community has a public board."""

    by: Caller
    board: bool
    state: State | None
    work: PublishedWork
    submitted_at: datetime | None
    repaired_at: datetime | None
    accepted_at: datetime | None
    after: tuple[str, ...]
    photos: tuple[str, ...]
    caption: str | None


class Flag(Struct, frozen=True, kw_only=True):
    reason: Unsuitable


class Hide(Struct, frozen=True, kw_only=True):
    by: Caller
    reason: Unsuitable


class Restore(Struct, frozen=True, kw_only=True):
    by: Caller


def decide(
    command: Publish | Flag | Hide | Restore, state: Publication, _meta: Meta
) -> list[Event]:
    """The same again changes nothing. Raises the errors above, or ``Invalid`` with ``fields``."""
    if isinstance(command, Publish):
        return [_published(command, state)]
    if state.work is None:
        raise NotPublished("There is no such published work.")
    keys = _keys(state.work)
    match command:
        case Flag():
            if state.hidden:
                raise NotPublished("There is no such published work.")
            count = len(state.flags) + 1
            flagged = PublishedWorkFlagged(**keys, reason=command.reason, count=count)
            return [] if count > MOST_FLAGS else [flagged]
        case Hide():
            may_publish(command.by, state.work)
            hidden = PublishedWorkHidden(**keys, reason=command.reason)
            return [] if state.hidden else [hidden]
        case Restore():
            may_publish(command.by, state.work)
            fit = not state.hidden and not state.flags
            return [] if fit else [PublishedWorkRestored(**keys)]


def may_publish(caller: Caller, work: PublishedWork) -> None:
    """Raises ``NotYoursToPublish``."""
    if caller.roles(community_of(work.order), work.building).isdisjoint(DISPATCHERS):
        raise NotYoursToPublish("Only those who dispatch there say what the public may see.")


def _published(command: Publish, state: Publication) -> WorkPublished:
    may_publish(command.by, command.work)
    if not command.board:
        raise NoBoard("The community has no public work board; its manager may open one.")
    times = (command.submitted_at, command.repaired_at, command.accepted_at)
    if command.work.kind != "repair" or command.state not in FINISHED or None in times:
        raise NotPublishable("Only repairs that were accepted are published.")
    if state.hidden:
        raise HiddenWork("It is hidden: restore it first.")
    if not set(command.photos) <= set(command.after):
        text = "Only photos taken after the repair are published."
        raise Invalid(f"photos: {text}", fields={"photos": [text]})
    if not command.photos and command.caption is None:
        text = "Choose a photo, or say what was done."
        raise Invalid(f"photos: {text}", fields={"photos": [text]})
    submitted_at, repaired_at, accepted_at = times
    assert submitted_at is not None and repaired_at is not None and accepted_at is not None
    return WorkPublished(
        **_keys(command.work),
        submitted_at=submitted_at,
        repaired_at=repaired_at,
        accepted_at=accepted_at,
        photos=tuple(dict.fromkeys(command.photos)),
        caption=command.caption,
    )


def _keys(work: PublishedWork) -> dict[str, Any]:
    return {name: getattr(work, name) for name in PublishedWork.__struct_fields__}


def evolve(state: Publication, event: Any, _meta: Meta) -> Publication:
    match event:
        case WorkPublished():
            return Publication(
                work=PublishedWork(**_keys(event)),
                submitted_at=event.submitted_at,
                repaired_at=event.repaired_at,
                accepted_at=event.accepted_at,
                photos=event.photos,
            )
        case PublishedWorkFlagged():
            return replace(state, flags=(*state.flags, event.reason))
        case PublishedWorkHidden():
            return replace(state, hidden=True, flags=())
        case PublishedWorkRestored():
            return replace(state, hidden=False, flags=())
    return state


PUBLICATION = Decider("publication", Publication, decide, evolve)
