"""What comes of a command: the events, or why not. Pure: all it knows is in its arguments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from services.workorders.orders.domain import (
    claimed_time,
    deferral,
    merging,
    photos,
    sub_orders,
    values,
)
from services.workorders.orders.domain import commands as c
from services.workorders.orders.domain.events import OrderEvent
from services.workorders.orders.domain.lifecycle import Edge
from services.workorders.orders.domain.permission import permit, refuse, roles_at_place
from services.workorders.orders.domain.quotes import decisions as quotes
from services.workorders.orders.domain.refusals import (
    AlreadyAssigned,
    MayNotPrioritise,
    NotCertified,
    SamePriority,
)
from services.workorders.orders.domain.state import Order
from services.workorders.orders.domain.visits import decisions as visits
from services.workorders.orders.domain.vocabulary import (
    ACCEPTER_KINDS,
    CHANNELS,
    DECLINE_REASONS,
    KINDS,
    PAUSE_REASONS,
    PRIORITIES,
    PRIORITISERS,
    Priority,
)
from shared.eventlog.records import Meta

Details = dict[str, Any]


def decide(command: c.Command, state: Order, meta: Meta) -> list[OrderEvent]:
    """The one event that ``command`` makes of ``state``.

    Raises ``NoSuchOrder``, ``NotYourRole``, ``NotYourOrder``, ``MayNotClaimTime``, an
    ``OrderRefused`` (these with ``allowed``) or ``Invalid`` (with ``fields``); nothing else.
    """
    edge = permit(command, state, meta.time)
    claimed_time.check(command, state, meta)
    details = _DETAILS[type(command)](command, state, edge, meta)
    return [edge.event(**{**_place_keys(state), **details})]


def _place_keys(state: Order) -> Details:
    return {name: getattr(state, name) for name in OrderEvent.__struct_fields__}


def _submit(command: c.Submit, state: Order, edge: Edge, __: Meta) -> Details:
    channel = values.one_of(command.channel, CHANNELS, "channel")
    if channel == "import":
        raise values.invalid("channel", "Orders of another system are imported, not submitted.")
    accepter = values.text(command.accepter, "accepter")
    accepter_kind = values.one_of(command.accepter_kind, ACCEPTER_KINDS, "accepter_kind")
    reporter = command.reporter
    if accepter_kind == "resident":
        if accepter not in command.occupants:
            raise values.invalid("accepter", "This person does not live at the place.")
        reporter = reporter or (command.by.person if edge.ownership == "household" else accepter)
    return {
        "id": command.id,
        "number": command.number,
        "kind": values.one_of(command.kind, KINDS, "kind"),
        "category": values.text(command.category, "category"),
        "building": command.building,
        "unit": command.unit,
        "reporter": reporter,
        "accepter": accepter,
        "accepter_kind": accepter_kind,
        "channel": channel,
        "taken_by": None if command.by.person == reporter else command.by.person,
        "author": reporter or command.by.person,
        "description": values.text(command.description, "description"),
        "photos": tuple(command.photos),
        "priority": _first_priority(command, state),
        "origin": command.origin,
        "aftercare": command.aftercare,
    }


def _first_priority(command: c.Submit, state: Order) -> Priority:
    priority = values.one_of(command.priority, PRIORITIES, "priority")
    if priority != "normal" and not roles_at_place(command, state) & PRIORITISERS:
        text = "Those who dispatch say how urgent it is; leave this out."
        raise MayNotPrioritise(text, fields={"priority": [text]}, allowed=[])
    return priority


def _prioritise(command: c.Prioritise, state: Order, _: Edge, meta: Meta) -> Details:
    priority = values.one_of(command.priority, PRIORITIES, "priority")
    if priority == state.priority:
        raise refuse(SamePriority, state, command.by, meta.time)
    return {"priority": priority, "from_priority": state.priority}


def _import(command: c.ImportOrder, _: Order, __: Edge, meta: Meta) -> Details:
    submitted_at = values.past(command.submitted_at, meta.time, "submitted_at")
    closed_at = command.closed_at
    if closed_at is not None:
        closed_at = values.past(closed_at, meta.time, "closed_at")
        if closed_at < submitted_at:
            raise values.invalid("closed_at", "It was closed before it was submitted.")
    return {
        "id": command.id,
        "number": command.number,
        "kind": values.one_of(command.kind, KINDS, "kind"),
        "category": values.text(command.category, "category"),
        "building": command.building,
        "unit": command.unit,
        "channel": "import",
        "source": values.text(command.source, "source"),
        "source_id": values.text(command.source_id, "source_id"),
        "submitted_at": submitted_at,
        "closed_at": closed_at,
        "status": command.status,
        "state": "repaired" if command.closed else "submitted",
        "description": command.description,
    }


def _dispatch(command: c.Dispatch, state: Order, _: Edge, meta: Meta) -> Details:
    technician = _technician(command, state, meta)
    visits.check_technician(command, state, technician, meta)
    return {"technician": technician, "choice": command.choice}


def _grab(command: c.Grab, state: Order, _: Edge, meta: Meta) -> Details:
    _check_certified(command, state, meta)
    visits.check_technician(command, state, command.by.person, meta)
    return {"technician": command.by.person, "choice": command.choice}


def _transfer(command: c.Transfer, state: Order, edge: Edge, meta: Meta) -> Details:
    technician = _technician(command, state, meta)
    if technician == state.technician:
        raise refuse(AlreadyAssigned, state, command.by, meta.time)
    if edge.ownership == "assigned":
        values.text(command.reason or "", "reason")
    visits.check_technician(command, state, technician, meta)
    return {
        "technician": technician,
        "from_technician": state.technician,
        "reason": command.reason,
    }


def _technician(command: c.Dispatch | c.Transfer, state: Order, meta: Meta) -> str:
    if not command.technician_here:
        raise values.invalid("technician", "This person is no technician at the order's place.")
    _check_certified(command, state, meta)
    return values.text(command.technician, "technician")


def _check_certified(command: c.Dispatch | c.Transfer | c.Grab, state: Order, meta: Meta) -> None:
    if not command.certified:
        raise refuse(NotCertified, state, command.by, meta.time)


def _pause(command: c.Pause, _: Order, __: Edge, ___: Meta) -> Details:
    reason = values.one_of(command.reason, PAUSE_REASONS, "reason")
    if reason == "other":
        values.text(command.note or "", "note")
    return {"reason": reason, "note": command.note}


def _resume(_: c.Resume, state: Order, __: Edge, ___: Meta) -> Details:
    return {"activity": state.paused_from}


def _repair(command: c.Repair, state: Order, _: Edge, meta: Meta) -> Details:
    photos.check(command, state)
    return {
        "notes": values.text(command.notes, "notes"),
        "minutes": values.whole(command.minutes, 0, values.MAX_MINUTES, "minutes"),
        "materials": values.materials(command.materials),
        "charge_fen": quotes.charge(command, state, meta),
        "photos": tuple(command.photos),
        "photos_before": tuple(command.photos_before),
        "signature": command.signature,
        "payer": state.payer,
        "remind_hours": state.aftercare.remind_hours,
    }


def _accept(command: c.Accept, state: Order, _: Edge, __: Meta) -> Details:
    by_resident = state.accepter_kind == "resident" and command.by.person == state.accepter
    found = {"note": command.note, "signature": command.signature}
    for name, value in found.items():
        if by_resident and value is not None:
            raise values.invalid(name, "Leave this out; it is for staff who check the work.")
    return {
        "charge_fen": state.charge_fen,
        "checked": not by_resident,
        "payer": state.payer,
        **found,
    }


def _remind(_: c.Remind, state: Order, __: Edge, ___: Meta) -> Details:
    return {"check_hours": state.aftercare.check_hours}


def _request_check(_: c.RequestCheck, state: Order, __: Edge, ___: Meta) -> Details:
    return {"repairers": state.repairers}


def _with_reason(command: c.HandBack | c.Reject | c.Reopen, *_: object) -> Details:
    return {"reason": values.text(command.reason, "reason")}


def _decline(command: c.Decline, state: Order, _: Edge, __: Meta) -> Details:
    reason = values.one_of(command.reason, DECLINE_REASONS, "reason")
    other = command.duplicate_of
    if reason == "duplicate":
        other = values.text(other or "", "duplicate_of")
        if other == state.id:
            raise values.invalid("duplicate_of", "An order is no duplicate of itself.")
    elif other is not None:
        raise values.invalid("duplicate_of", "Leave this out unless the reason is duplicate.")
    return {
        "reason": reason,
        "note": values.text(command.note, "note"),
        "duplicate_of": other,
    }


def _appeal(command: c.Appeal, *_: object) -> Details:
    return {"text": values.text(command.text, "text")}


def _rate(command: c.Rate, *_: object) -> Details:
    return {
        "stars": values.stars(command.stars, "stars"),
        "speed": values.stars_or_none(command.speed, "speed"),
        "attitude": values.stars_or_none(command.attitude, "attitude"),
        "comment": command.comment,
    }


def _answer_rating(command: c.AnswerRating, state: Order, _: Edge, __: Meta) -> Details:
    return {"text": values.text(command.text, "text"), "revised": state.rating_answered}


def _defer(command: deferral.Defer, state: Order, _: Edge, meta: Meta) -> Details:
    details = deferral.details(command, meta)
    visits.check_deferral(details["until"], command, state, meta)
    return details


def _nothing(*_: object) -> Details:
    return {}


_DETAILS: dict[type[c.Command], Callable[[Any, Order, Edge, Meta], Details]] = {
    c.Submit: _submit,
    c.ImportOrder: _import,
    c.Prioritise: _prioritise,
    c.Dispatch: _dispatch,
    c.Grab: _grab,
    c.Start: _nothing,
    c.Pause: _pause,
    c.Resume: _resume,
    c.HandBack: _with_reason,
    c.Transfer: _transfer,
    c.Repair: _repair,
    c.Accept: _accept,
    c.Reject: _with_reason,
    c.Decline: _decline,
    c.Appeal: _appeal,
    c.Rate: _rate,
    c.AnswerRating: _answer_rating,
    c.Cancel: _nothing,
    c.Reopen: _with_reason,
    c.Remind: _remind,
    c.RequestCheck: _request_check,
    c.AddSubOrder: sub_orders.added,
    c.SubmitSubOrder: sub_orders.submitted,
    c.FinishSubOrder: sub_orders.finished,
    c.Merge: merging.merged,
    c.Unmerge: merging.unmerged,
    **quotes.DETAILS,
    **visits.DETAILS,
    deferral.Defer: _defer,
}
