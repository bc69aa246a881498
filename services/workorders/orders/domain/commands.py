"""What people and services want done. Values are as they came; ``decide`` judges them."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from msgspec import Struct

from services.workorders.orders.domain.aftercare import STANDARD, Aftercare
from services.workorders.orders.domain.choice import Choice
from services.workorders.orders.domain.links import Origin, Target
from services.workorders.orders.domain.visits.values import SeenVisit
from services.workorders.orders.domain.vocabulary import Material, State
from shared.identity.caller import Caller


class Command(Struct, frozen=True, kw_only=True):
    """``name`` is the RPC method's name, and the command's name in ``allowed``."""

    name: ClassVar[str]
    by: Caller


class Submit(Command, frozen=True, kw_only=True):
    """Report something to be repaired, or complain.

    ``id`` is the new stream id ``<community>.<uuid>``, ``number`` the one for people. ``accepter``
    is the resident it is made for (``accepter_kind`` "resident") or a named checker ("staff").
    ``occupants`` are those of the people named here, the caller among them, who live in the unit,
    or, without a unit, in the community. ``reporter`` may be left out: it is then the resident
    who calls, or the accepter staff took the order for; an order for a checker has none.
    ``aftercare``: what the community has said of such orders.
    """

    name = "submit"
    id: str
    number: str
    kind: str
    category: str
    building: str | None
    unit: str | None
    reporter: str | None = None
    accepter: str
    accepter_kind: str
    occupants: tuple[str, ...] = ()
    channel: str
    description: str
    photos: tuple[str, ...] = ()
    priority: str = "normal"
    origin: Origin | None = None
    aftercare: Aftercare = STANDARD


class ImportOrder(Command, frozen=True, kw_only=True):
    """Take over one order of another system. ``closed`` says what the source's ``status`` means."""

    name = "import_order"
    id: str
    number: str
    kind: str
    category: str
    building: str | None = None
    unit: str | None = None
    source: str
    source_id: str
    submitted_at: datetime
    closed_at: datetime | None = None
    status: str
    closed: bool
    description: str | None = None


class Prioritise(Command, frozen=True, kw_only=True):
    name = "prioritise"
    priority: str


class Dispatch(Command, frozen=True, kw_only=True):
    """``technician_here``: whether that person holds a technician's post at the order's place.

    ``certified``: no certificate that the work takes is missing or expired. ``visit``: the agreed
    one, if there is one.
    """

    name = "dispatch"
    technician: str
    technician_here: bool
    certified: bool = True
    choice: Choice | None = None
    visit: SeenVisit | None = None


class Grab(Command, frozen=True, kw_only=True):
    """A technician takes an order from the pool. ``in_pool``: its category is grabbed, they
    have the skill, and no outage answers it.
    """

    name = "grab"
    in_pool: bool
    certified: bool
    choice: Choice
    visit: SeenVisit | None = None


class Start(Command, frozen=True, kw_only=True):
    name = "start"


class Pause(Command, frozen=True, kw_only=True):
    name = "pause"
    reason: str
    note: str | None = None


class Resume(Command, frozen=True, kw_only=True):
    name = "resume"


class HandBack(Command, frozen=True, kw_only=True):
    name = "hand_back"
    reason: str


class Transfer(Command, frozen=True, kw_only=True):
    """A technician says why; those who dispatch need not."""

    name = "transfer"
    technician: str
    technician_here: bool
    certified: bool = True
    reason: str | None = None
    visit: SeenVisit | None = None


class Repair(Command, frozen=True, kw_only=True):
    """``minutes`` of labour; ``charge_fen`` to be paid by the order's owner.

    ``photos``: of the finished work; ``photos_before``: of how it was found; ``photos_needed``:
    those of these fields that the category does not do without. ``signature``: the picture of one.
    """

    name = "repair"
    notes: str
    minutes: int = 0
    materials: tuple[Material, ...] = ()
    charge_fen: int = 0
    photos: tuple[str, ...] = ()
    photos_before: tuple[str, ...] = ()
    photos_needed: tuple[str, ...] = ()
    signature: str | None = None


class Accept(Command, frozen=True, kw_only=True):
    """``note``: what staff found who check the work; ``signature``: the picture of one."""

    name = "accept"
    note: str | None = None
    signature: str | None = None


class Reject(Command, frozen=True, kw_only=True):
    name = "reject"
    reason: str


class Decline(Command, frozen=True, kw_only=True):
    """``duplicate_of``: the id of an order known to exist in the same community."""

    name = "decline"
    reason: str
    note: str
    duplicate_of: str | None = None


class Appeal(Command, frozen=True, kw_only=True):
    name = "appeal"
    text: str


class Rate(Command, frozen=True, kw_only=True):
    name = "rate"
    stars: int
    speed: int | None = None
    attitude: int | None = None
    comment: str | None = None


class AnswerRating(Command, frozen=True, kw_only=True):
    """Say something to the last rating; again, to say it better."""

    name = "answer_rating"
    text: str


class Cancel(Command, frozen=True, kw_only=True):
    name = "cancel"


class Reopen(Command, frozen=True, kw_only=True):
    """``followed_up``: staff asked its accepter, who is not satisfied, and open it for them."""

    name = "reopen"
    reason: str
    followed_up: bool = False


class Remind(Command, frozen=True, kw_only=True):
    name = "remind"


class RequestCheck(Command, frozen=True, kw_only=True):
    name = "request_check"


class AddSubOrder(Command, frozen=True, kw_only=True):
    """``sub_order`` and ``sub_number``: the id and the number that the new order will have."""

    name = "add_sub_order"
    sub_order: str
    sub_number: str
    kind: str
    category: str
    description: str
    priority: str = "normal"


class SubmitSubOrder(Command, frozen=True, kw_only=True):
    """``author``: whose words the description is: who added it to ``origin``."""

    name = "submit_sub_order"
    id: str
    number: str
    kind: str
    category: str
    building: str | None
    unit: str | None
    author: str
    description: str | None
    priority: str
    origin: Origin


class FinishSubOrder(Command, frozen=True, kw_only=True):
    name = "finish_sub_order"
    sub_order: str
    sub_number: str
    sub_state: State
    sub_technician: str | None


class Merge(Command, frozen=True, kw_only=True):
    """It is about the same as ``target``."""

    name = "merge"
    target: Target


class Unmerge(Command, frozen=True, kw_only=True):
    """``visit_lost``: its technician cannot come at the time of its visit any more."""

    name = "unmerge"
    visit_lost: bool = False
