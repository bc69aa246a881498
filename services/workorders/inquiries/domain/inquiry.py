"""An inquiry: submitted, answered by a deadline, perhaps made a work order. One stream each."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar

from msgspec import Struct
from msgspec.structs import replace

from services.workorders.inquiries.domain.events import (
    INQUIRY_KINDS,
    InquiryAnswered,
    InquiryConverted,
    InquiryEscalated,
    InquiryEvent,
    InquiryKind,
    InquiryState,
    InquirySubmitted,
)
from services.workorders.orders.domain import claimed_time, values
from services.workorders.orders.domain.vocabulary import (
    CHANNELS,
    DISPATCHERS,
    RESIDENTS,
    SERVICE,
    STAFF,
    Channel,
    Kind,
)
from shared.errors import Forbidden, NotFound, Refused
from shared.eventlog.decider import Decider
from shared.eventlog.records import Meta, community_of
from shared.identity.caller import Caller


class NoSuchInquiry(NotFound):
    text: ClassVar[str] = "There is no such inquiry."


class NotYourInquiry(Forbidden):
    """None of the caller's roles at its place may do this."""


class InquiryExists(Refused):
    text: ClassVar[str] = "This inquiry exists already."


class AlreadyAnswered(Refused):
    text: ClassVar[str] = "It was answered already."


class AlreadyConverted(Refused):
    text: ClassVar[str] = "It was made a work order already; the order tells what becomes of it."


class NotDueYet(Refused):
    text: ClassVar[str] = "Its deadline has not come, or was told of already."


class Inquiry(Struct, frozen=True, kw_only=True):
    """With ``state`` None it does not exist yet. ``escalated_at``: when superiors were told."""

    id: str = ""
    number: str = ""
    kind: InquiryKind = "suggestion"
    building: str | None = None
    unit: str | None = None
    reporter: str | None = None
    taken_by: str | None = None
    channel: Channel = "page"
    photos: tuple[str, ...] = ()
    state: InquiryState | None = None
    submitted_at: datetime | None = None
    due_at: datetime | None = None
    escalated_at: datetime | None = None
    answered_at: datetime | None = None
    answered_by: str | None = None
    order: str | None = None
    order_number: str | None = None


class Submit(Struct, frozen=True, kw_only=True):
    """``occupants``: those of the caller and the reporter who live at the place. ``hours``: the
    deadline of its kind there.
    """

    by: Caller
    id: str
    number: str
    kind: str
    building: str | None
    unit: str | None
    reporter: str | None
    occupants: tuple[str, ...]
    channel: str
    text: str
    photos: tuple[str, ...] = ()
    hours: int


class Give(Struct, frozen=True, kw_only=True):
    """The answer, by those who dispatch at its place."""

    by: Caller
    answer: str


class Convert(Struct, frozen=True, kw_only=True):
    """The order ``order`` was made of it. ``by`` None: the order says so itself."""

    by: Caller | None
    order: str
    order_number: str
    order_kind: Kind
    order_category: str


class Escalate(Struct, frozen=True, kw_only=True):
    """Its deadline has come: say so, once."""

    by: Caller


Command = Submit | Give | Convert | Escalate


def decide(command: Command, state: Inquiry, meta: Meta) -> list[InquiryEvent]:
    """Raises ``NoSuchInquiry``, ``NotYourInquiry``, a ``Refused`` or ``Invalid``."""
    if isinstance(command, Submit):
        if state.state is not None:
            raise InquiryExists(InquiryExists.text)
        return [_submitted(command, meta)]
    due = state.due_at
    if due is None:
        raise NoSuchInquiry(NoSuchInquiry.text)
    keys: dict[str, Any] = {name: getattr(state, name) for name in InquiryEvent.__struct_fields__}
    match command:
        case Give():
            roles = may_answer(command.by, state)
            claimed_time.bounded(meta, roles, state.submitted_at)
            if state.state == "answered":
                raise AlreadyAnswered(AlreadyAnswered.text)
            if state.state == "converted":
                raise AlreadyConverted(AlreadyConverted.text)
            answer = values.text(command.answer, "answer")
            return [InquiryAnswered(**keys, answer=answer, due_at=due)]
        case Convert():
            if state.order == command.order:
                return []
            if command.by is not None:
                may_answer(command.by, state)
            if state.state == "converted":
                raise AlreadyConverted(AlreadyConverted.text)
            told = {name: getattr(command, name) for name in Convert.__struct_fields__[1:]}
            return [InquiryConverted(**keys, **told)]
        case Escalate():
            _must_hold(command.by, SERVICE, state)
            if state.state != "open" or state.escalated_at or meta.time < due:
                raise NotDueYet(NotDueYet.text)
            return [InquiryEscalated(**keys, due_at=due)]


def may_answer(by: Caller, state: Inquiry) -> frozenset[str]:
    """The caller's roles there. Raises ``NotYourInquiry``."""
    return _must_hold(by, DISPATCHERS, state)


def allowed(state: Inquiry, by: Caller) -> list[str]:
    """What this caller could do with it now, by the methods' names."""
    if by.roles(community_of(state.id), state.building).isdisjoint(DISPATCHERS):
        return []
    may = {"open": ["answer_inquiry", "convert_inquiry"], "answered": ["convert_inquiry"]}
    return may.get(state.state or "", [])


def _must_hold(by: Caller, roles: frozenset[str], state: Inquiry) -> frozenset[str]:
    held = by.roles(community_of(state.id), state.building)
    if held.isdisjoint(roles):
        raise NotYourInquiry(f"This takes one of the roles: {', '.join(sorted(roles))}.")
    return held


def _submitted(command: Submit, meta: Meta) -> InquirySubmitted:
    by, reporter = command.by, command.reporter
    roles = by.roles(community_of(command.id), command.building)
    claimed_time.bounded(meta, roles, None)
    own = by.person in command.occupants and reporter in (None, by.person)
    if roles & RESIDENTS and own:
        reporter = by.person
    elif roles.isdisjoint(STAFF | SERVICE):
        raise NotYourInquiry("Residents write in their own name, of where they live.")
    elif reporter is not None and reporter not in command.occupants:
        raise values.invalid("reporter", "This person does not live at the place.")
    channel = values.one_of(command.channel, CHANNELS, "channel")
    if channel == "import":
        raise values.invalid("channel", "Inquiries are not imported.")
    return InquirySubmitted(
        id=command.id,
        number=command.number,
        kind=values.one_of(command.kind, INQUIRY_KINDS, "kind"),
        building=command.building,
        unit=command.unit,
        reporter=reporter,
        channel=channel,
        taken_by=None if by.person == reporter else by.person,
        author=reporter or by.person,
        text=values.text(command.text, "text"),
        photos=tuple(command.photos),
        due_at=meta.occurred_at + timedelta(hours=command.hours),
    )


def evolve(state: Inquiry, event: Any, meta: Meta) -> Inquiry:
    match event:
        case InquirySubmitted():
            known = {name: getattr(event, name) for name in _FIRST}
            return Inquiry(**known, state="open", submitted_at=meta.occurred_at)
        case InquiryAnswered():
            return replace(
                state, state="answered", answered_at=meta.occurred_at, answered_by=meta.actor
            )
        case InquiryConverted():
            return replace(
                state, state="converted", order=event.order, order_number=event.order_number
            )
        case InquiryEscalated():
            return replace(state, escalated_at=meta.time)
    return state


_FIRST = (*InquiryEvent.__struct_fields__, "id", "taken_by", "channel", "photos", "due_at")
INQUIRY = Decider("inquiry", Inquiry, decide, evolve)
