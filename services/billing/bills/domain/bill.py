"""A bill: what may be done to it, and what comes of it. Money is whole fen, never taken back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar, Literal

from msgspec import Struct
from msgspec.structs import replace

from services.billing.bills.domain.events import (
    METHODS,
    BillEvent,
    BillPaid,
    BillRaised,
    BillSettled,
    BillVoided,
    Method,
)
from services.billing.permissions import BOOKKEEPERS, TABLE, may
from shared.errors import Forbidden, Invalid, NotFound, Refused
from shared.eventlog.decider import Decider
from shared.eventlog.records import Meta, community_of
from shared.identity.caller import Caller

# 100 million yuan: sums of thousands of bills stay exact in every JSON reader
MAX_FEN = 10_000_000_000
CLOCK_SKEW = timedelta(minutes=5)
LONGEST_BOOKED_LATE = timedelta(days=31)

BillState = Literal["open", "settled", "voided"]
STATES: tuple[BillState, ...] = ("open", "settled", "voided")


class Bill(Struct, frozen=True, kw_only=True):
    """``state`` None: there is no such bill. ``settled``: paid, ``voided``: nothing was paid."""

    id: str = ""
    number: str = ""
    order: str = ""
    order_number: str = ""
    payer: str = ""
    category: str = ""
    building: str | None = None
    unit: str | None = None
    amount_fen: int = 0
    paid_fen: int = 0
    voided_fen: int = 0
    state: BillState | None = None

    @property
    def outstanding_fen(self) -> int:
        return self.amount_fen - self.paid_fen - self.voided_fen

    @property
    def community(self) -> str:
        return community_of(self.id)


class Raise(Struct, frozen=True, kw_only=True):
    """``id`` is the stream id, ``number`` the one for people."""

    id: str
    number: str
    order: str
    order_number: str
    payer: str
    category: str
    building: str | None
    unit: str | None
    amount_fen: int
    accepted_at: datetime


class Pay(Struct, frozen=True, kw_only=True):
    name: ClassVar[str] = "pay"
    by: Caller
    amount_fen: int
    method: Method
    receipt: str | None = None


class Void(Struct, frozen=True, kw_only=True):
    name: ClassVar[str] = "void"
    by: Caller
    reason: str


class NoSuchBill(NotFound):
    text: ClassVar[str] = "There is no such bill."


class NotYourBill(Forbidden):
    """The caller is neither the bill's payer nor holds a post for it."""


class BillExists(Refused):
    """The bill was raised already."""


class AlreadySettled(Refused):
    """Nothing is left to pay or to void."""


class AlreadyVoided(Refused):
    """The bill is not owed any more."""


class MoreThanOutstanding(Refused):
    """Nobody pays more than is owed; ``fields`` names ``amount_fen``."""


def decide(command: Raise | Pay | Void, state: Bill, meta: Meta) -> list[BillEvent]:
    """Raises ``NoSuchBill``, ``NotYourBill``, a ``Refused`` of this module, or ``Invalid``."""
    match command:
        case Raise():
            return [_raised(command, state)]
        case Pay():
            _permit(command, state, meta)
            return _paid(command, state)
        case Void():
            _permit(command, state, meta)
            return _voided(command, state)


def _raised(command: Raise, state: Bill) -> BillRaised:
    if state.state is not None:
        raise BillExists("This bill was raised already.")
    _fen(command.amount_fen)
    return BillRaised(**{name: getattr(command, name) for name in Raise.__struct_fields__})


def _paid(command: Pay, state: Bill) -> list[BillEvent]:
    _fen(command.amount_fen)
    if command.method not in METHODS:
        raise _invalid("method", f"Choose one of: {', '.join(METHODS)}.")
    if command.amount_fen > state.outstanding_fen:
        text = f"Only {state.outstanding_fen} fen are outstanding."
        raise MoreThanOutstanding(
            f"{text} Pay at most that.",
            fields={"amount_fen": [text]},
            allowed=allowed(state, command.by),
        )
    left = state.outstanding_fen - command.amount_fen
    events: list[BillEvent] = [
        BillPaid(
            **_keys(state),
            amount_fen=command.amount_fen,
            method=command.method,
            receipt=command.receipt,
            outstanding_fen=left,
        )
    ]
    if not left:
        paid = state.paid_fen + command.amount_fen
        events.append(BillSettled(**_keys(state), paid_fen=paid))
    return events


def _voided(command: Void, state: Bill) -> list[BillEvent]:
    if not command.reason.strip():
        raise _invalid("reason", "This text must not be empty.")
    events: list[BillEvent] = [
        BillVoided(**_keys(state), amount_fen=state.outstanding_fen, reason=command.reason)
    ]
    if state.paid_fen:
        events.append(BillSettled(**_keys(state), paid_fen=state.paid_fen))
    return events


def allowed(state: Bill, by: Caller) -> list[str]:
    """The commands this caller could do to the bill now."""
    if state.state != "open":
        return []
    place = (state.community, state.building, state.payer)
    return [name for name in ("pay", "void") if may(name, by, *place)]


def _permit(command: Pay | Void, state: Bill, meta: Meta) -> None:
    if state.state is None:
        raise NoSuchBill(NoSuchBill.text)
    by = command.by
    if not may(command.name, by, state.community, state.building, state.payer):
        rule = TABLE[command.name]
        whom = ", ".join([*(("its payer",) if rule.payer else ()), *sorted(rule.roles)])
        raise NotYourBill(
            f"You may not {command.name} this bill; that is for: {whom}.",
            allowed=allowed(state, by),
        )
    if state.state == "settled":
        raise AlreadySettled("The bill is settled: nothing is outstanding.", allowed=[])
    if state.state == "voided":
        raise AlreadyVoided("The bill was voided: it is not owed any more.", allowed=[])
    _check_claimed_time(by, state, meta)


def _check_claimed_time(by: Caller, state: Bill, meta: Meta) -> None:
    """Let ``meta.occurred_at`` pass: as recorded, or booked by bookkeepers up to 31 days late."""
    claimed, recorded = meta.occurred_at, meta.time
    if claimed == recorded:
        return
    if BOOKKEEPERS.isdisjoint(by.roles(state.community, state.building)):
        raise _invalid("occurred_at", "Only accountants may say when it happened; leave it out.")
    if claimed > recorded + CLOCK_SKEW:
        raise _invalid("occurred_at", "This time is in the future.")
    if claimed < recorded - LONGEST_BOOKED_LATE:
        raise _invalid("occurred_at", "This time is more than 31 days ago.")


def evolve(state: Bill, event: Any, _meta: Meta) -> Bill:
    match event:
        case BillRaised():
            return Bill(**_keys(event), id=event.id, amount_fen=event.amount_fen, state="open")
        case BillPaid():
            return replace(state, paid_fen=state.paid_fen + event.amount_fen)
        case BillVoided():
            return replace(state, voided_fen=state.voided_fen + event.amount_fen, state="voided")
        case BillSettled():
            return replace(state, state="settled")
    return state


def _keys(source: Bill | BillEvent) -> dict[str, Any]:
    return {name: getattr(source, name) for name in BillEvent.__struct_fields__}


def _fen(amount: int) -> None:
    if type(amount) is not int or not 0 < amount <= MAX_FEN:
        raise _invalid("amount_fen", f"Give a whole number from 1 to {MAX_FEN}.")


def _invalid(field: str, text: str) -> Invalid:
    return Invalid(f"{field}: {text}", fields={field: [text]})


BILL = Decider("bill", Bill, decide, evolve)
