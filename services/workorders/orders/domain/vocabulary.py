"""The words of a work order, each with the values it may take."""

from __future__ import annotations

from typing import Literal, get_args

from msgspec import Struct

Kind = Literal["repair", "complaint"]
State = Literal["submitted", "dispatched", "repaired", "accepted", "rated", "cancelled", "declined"]
Activity = Literal["waiting", "working", "paused"]
Channel = Literal[
    "page", "qr", "phone", "counter", "email", "open311", "alarm", "inspection", "import"
]
# how somebody said it who did not do it on their own page
Spoken = Literal["phone", "counter"]
AccepterKind = Literal["resident", "staff"]
PauseReason = Literal["parts", "resident_absent", "supplier", "other"]
# what keeps an order on hold: a pause for a reason, or a date
HoldReason = Literal["parts", "resident_absent", "supplier", "other", "deferred"]
DeclineReason = Literal["not_ours", "cannot", "duplicate"]
Priority = Literal["urgent", "high", "normal", "low"]

KINDS: tuple[Kind, ...] = get_args(Kind)
STATES: tuple[State, ...] = get_args(State)
ACTIVITIES: tuple[Activity, ...] = get_args(Activity)
CHANNELS: tuple[Channel, ...] = get_args(Channel)
SPOKEN: tuple[Spoken, ...] = get_args(Spoken)
ACCEPTER_KINDS: tuple[AccepterKind, ...] = get_args(AccepterKind)
PAUSE_REASONS: tuple[PauseReason, ...] = get_args(PauseReason)
HOLD_REASONS: tuple[HoldReason, ...] = get_args(HoldReason)
DECLINE_REASONS: tuple[DeclineReason, ...] = get_args(DeclineReason)
PRIORITIES: tuple[Priority, ...] = get_args(Priority)

RESIDENTS = frozenset({"resident", "committee"})
DISPATCHERS = frozenset({"dispatcher", "supervisor", "manager"})
STAFF = DISPATCHERS | {"technician", "guard"}
PEOPLE = RESIDENTS | STAFF
CHECKERS = frozenset({"supervisor", "manager"})
COMMITTEE = frozenset({"committee"})
MANAGER = frozenset({"manager"})
TECHNICIAN = frozenset({"technician"})
SERVICE = frozenset({"service"})
PRIORITISERS = DISPATCHERS | SERVICE


class Material(Struct, frozen=True, kw_only=True):
    """Something used up: ``quantity`` pieces at ``unit_cost_fen`` each (1 yuan = 100 fen)."""

    name: str
    quantity: int
    unit_cost_fen: int
