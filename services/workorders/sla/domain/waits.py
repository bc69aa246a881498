"""Waiting that the resident chose: for a visit at the agreed time, for their answer to a quote."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Literal, get_args

from msgspec import Struct
from msgspec.structs import replace

from services.workorders.orders.domain.vocabulary import HOLD_REASONS, HoldReason

WaitReason = Literal["waiting_for_quote", "waiting_for_visit"]
StopReason = HoldReason | WaitReason

# where both hold, the first one is named: without the yes nobody comes anyway
WAIT_REASONS: tuple[WaitReason, ...] = get_args(WaitReason)
STOP_REASONS: tuple[StopReason, ...] = (*HOLD_REASONS, *WAIT_REASONS)

_QUOTE: tuple[WaitReason, ...] = ("waiting_for_quote",)
_VISIT: tuple[WaitReason, ...] = ("waiting_for_visit",)
# what ends a wait, before the event's own begins; a visit that is moved changes the one there is
ENDS: dict[str, tuple[WaitReason, ...]] = {
    "WorkOrderQuoted": _QUOTE,
    "WorkOrderQuoteAccepted": _QUOTE,
    "WorkOrderQuoteDeclined": _QUOTE,
    "WorkOrderQuoteWithdrawn": _QUOTE,
    "WorkOrderQuoteLapsed": _QUOTE,
    "WorkOrderVisitsOffered": _VISIT,
    "WorkOrderVisitChosen": _VISIT,
    "WorkOrderVisitMissed": _VISIT,
    "WorkOrderVisitCancelled": _VISIT,
    "WorkOrderStarted": _VISIT,
    "WorkOrderRepaired": _VISIT,
    "WorkOrderDeclined": WAIT_REASONS,
    "WorkOrderCancelled": WAIT_REASONS,
}
# ends what is waited for of that quote alone
_CONFIRMED = "WorkOrderQuoteAnswerConfirmed"
BEGINS = frozenset(
    {
        "WorkOrderQuoted",
        "WorkOrderQuoteAnswerObjected",
        "WorkOrderVisitsOffered",
        "WorkOrderVisitChosen",
        "WorkOrderVisitMoved",
        _CONFIRMED,
    }
)


class Wait(Struct, frozen=True, kw_only=True):
    """What an event says of a wait. ``since`` None: from the event on. ``until`` None: as long as
    the quote of this number was to be waited for when it was put.

    ``by_company``: it ends at ``until``, should it last longer; none begins by it.
    """

    reason: WaitReason
    until: datetime | None
    since: datetime | None = None
    by_company: bool = False
    quote: int | None = None


def wait(name: str, data: Mapping[str, Any], actor: str) -> Wait | None:
    """The wait of an event's own, if it has one. ``actor``: who did it."""
    match name:
        case "WorkOrderQuoted" if _answerer(data) != "manager":
            until = _moment(data["valid_until"])
            return Wait(reason="waiting_for_quote", until=until, quote=data["quote"])
        case "WorkOrderQuoteAccepted" if data.get("objection_until") is not None:
            # they may still object to what staff took down, so nobody begins
            until = _moment(data["objection_until"])
            return Wait(reason="waiting_for_quote", until=until, quote=data["quote"])
        case "WorkOrderQuoteAnswerConfirmed" | "WorkOrderQuoteAnswerObjected":
            return Wait(reason="waiting_for_quote", until=None, quote=data["quote"])
        case "WorkOrderVisitsOffered":
            # nobody answers: they could have come at the first of these times
            windows = data["windows"]
            return Wait(
                reason="waiting_for_visit",
                since=min(_moment(each["starts"]) for each in windows),
                until=max(_moment(each["ends"]) for each in windows),
            )
        case "WorkOrderVisitChosen":
            return Wait(reason="waiting_for_visit", until=_moment(data["starts"]))
        case "WorkOrderVisitMoved":
            theirs = actor in (data["reporter"], data["accepter"]) or data.get("requested", False)
            return Wait(
                reason="waiting_for_visit", until=_moment(data["starts"]), by_company=not theirs
            )
    return None


def _answerer(data: Mapping[str, Any]) -> str:
    """Who is to answer a quote; older ones do not say so."""
    usual = "resident" if data["payer"] == "owner" else "manager"
    return str(data.get("answerer") or usual)


class Lasting(Struct, frozen=True, kw_only=True):
    """A wait from ``since`` until just before ``until``, should nothing else happen."""

    reason: WaitReason
    since: datetime
    until: datetime
    quote: int | None = None


Waiting = tuple[Lasting, ...]


def missed(name: str, before: bool) -> bool:
    """Whether nobody was at home for the last visit, and no other is agreed since."""
    if name == "WorkOrderVisitMissed":
        return True
    over = "waiting_for_visit" in ENDS.get(name, ()) and name != "WorkOrderVisitsOffered"
    return before and not over


def after(waiting: Waiting, name: str, own: Wait | None, at: datetime, *, missed: bool) -> Waiting:
    """What is waited for after an event at ``at``. ``missed``: whoever missed the last visit is
    waited for as soon as times are on offer again.
    """
    ended = ENDS.get(name, ())
    left = [each for each in waiting if each.reason not in ended]
    if own is not None and name == _CONFIRMED:
        return tuple(each for each in left if each.quote != own.quote)
    if own is None or own.until is None:
        return tuple(left)
    if own.by_company:
        until = own.until
        return tuple(
            replace(each, until=min(each.until, until)) if each.reason == own.reason else each
            for each in left
        )
    since = at if own.since is None or missed else max(at, own.since)
    begun = Lasting(reason=own.reason, since=since, until=own.until, quote=own.quote)
    return (*(each for each in left if each.reason != own.reason), begun)


def active(waiting: Waiting, at: datetime) -> tuple[WaitReason, ...]:
    found = {each.reason for each in waiting if each.since <= at < each.until}
    return tuple(reason for reason in WAIT_REASONS if reason in found)


def edges(waiting: Waiting, since: datetime, until: datetime) -> list[datetime]:
    """When a wait begins or ends between two moments, neither of them among these."""
    moments = {moment for each in waiting for moment in (each.since, each.until)}
    return sorted(moment for moment in moments if since < moment < until)


def ahead(
    waiting: Iterable[Lasting], reasons: Iterable[str], at: datetime
) -> tuple[tuple[datetime, datetime], ...]:
    """From when until when the time will stand still, as far as is known at ``at``; in order."""
    found = (each for each in waiting if each.reason in reasons and each.until > at)
    return tuple(sorted((max(each.since, at), each.until) for each in found))


def _moment(value: Any) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)
