"""What happened to an inquiry. Who and when stand in the meta, the community in the stream id."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal, get_args

from msgspec import Struct

from services.workorders.orders.domain.order_event import ActorsText
from services.workorders.orders.domain.vocabulary import Channel, Kind
from shared.privacy.personal import Personal

InquiryKind = Literal["suggestion", "question", "praise"]
InquiryState = Literal["open", "answered", "converted"]
INQUIRY_KINDS: tuple[InquiryKind, ...] = get_args(InquiryKind)
INQUIRY_STATES: tuple[InquiryState, ...] = get_args(InquiryState)


class InquiryEvent(Struct, frozen=True, kw_only=True):
    """The place keys every event of an inquiry carries. ``reporter``: a person, or nobody known."""

    number: str
    kind: InquiryKind
    building: str | None
    unit: str | None
    reporter: str | None


class InquirySubmitted(InquiryEvent, frozen=True, kw_only=True):
    """``id`` is the stream id. ``taken_by`` is who took it down for the reporter, else null.

    ``author`` is whose words the text is: the reporter, or the actor where there is none.
    ``due_at``: by when it is to be answered; a deadline set later does not move it.
    """

    id: str
    channel: Channel
    taken_by: str | None
    author: str
    text: Annotated[str | None, Personal("author")]
    photos: tuple[str, ...]
    due_at: datetime


class InquiryAnswered(InquiryEvent, frozen=True, kw_only=True):
    answer: ActorsText
    due_at: datetime


class InquiryEscalated(InquiryEvent, frozen=True, kw_only=True):
    """Nobody had answered it by ``due_at``."""

    due_at: datetime


class InquiryConverted(InquiryEvent, frozen=True, kw_only=True):
    """It became the work order ``order``, which has its text and photos."""

    order: str
    order_number: str
    order_kind: Kind
    order_category: str


class AnswerDeadlinesSet(Struct, frozen=True, kw_only=True):
    """Within how many hours inquiries are to be answered from now on, a kind each."""

    suggestion: int
    question: int
    praise: int


EVENTS: dict[str, tuple[int, type]] = {
    "InquirySubmitted": (1, InquirySubmitted),
    "InquiryAnswered": (1, InquiryAnswered),
    "InquiryEscalated": (1, InquiryEscalated),
    "InquiryConverted": (1, InquiryConverted),
    "AnswerDeadlinesSet": (1, AnswerDeadlinesSet),
}
UPCASTERS: dict[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {}
