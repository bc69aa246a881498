"""What comes in. The domain judges what it means; here it is only made sure that it is well
formed.
"""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from services.workorders.orders.domain.categories import CATEGORIES
from services.workorders.orders.domain.values import MAX_FEN, MAX_MINUTES, MAX_QUANTITY
from services.workorders.orders.domain.vocabulary import (
    CHANNELS,
    DECLINE_REASONS,
    KINDS,
    PAUSE_REASONS,
    PRIORITIES,
    STATES,
)
from shared.schemas import (
    Choice,
    Command,
    Fen,
    Flag,
    Id,
    Integer,
    Items,
    Moment,
    Query,
    Schema,
    Text,
)

LONG = 4000
SHORT = 500
COMMUNITY = r"[a-z][a-z0-9-]{1,31}"
MOST_PHOTOS = 12
MOST_MATERIALS = 50


def _community(**kwargs: Any) -> Text:
    return Text(
        32,
        pattern=COMMUNITY,
        hint="A community's short name is expected, such as lakeside.",
        **kwargs,
    )


def photo_list() -> Items:
    return Items(Text(200, required=True), MOST_PHOTOS, load_default=list)


def check_category(kind: str, category: str) -> None:
    """Raises ``ValidationError`` for a category that the kind does not have."""
    known = CATEGORIES[kind]  # type: ignore[index]
    if category not in known:
        raise ValidationError(f"This must be one of: {', '.join(known)}.", "category")


def one_name(data: dict[str, Any]) -> None:
    """Raises ``ValidationError`` unless it is asked for by its id, or by number and community."""
    if (data["id"] is None) == (data["number"] is None):
        raise ValidationError("Give either id, or number with community.", "id")
    if data["number"] is not None and data["community"] is None:
        raise ValidationError("A number needs its community.", "community")


def _signature() -> Text:
    """A picture, named as a photo is."""
    return Text(200, load_default=None, allow_none=True)


class Submit(Command):
    """``unit`` or ``building`` says where; neither means the community's common ground."""

    community = _community(required=True)
    kind = Choice(KINDS, required=True)
    category = Text(40, required=True)
    unit = Id(load_default=None)
    building = Id(load_default=None)
    reporter = Id(load_default=None)
    accepter = Id(load_default=None)
    channel = Choice([one for one in CHANNELS if one != "import"], load_default="page")
    description = Text(LONG, required=True)
    photos = photo_list()
    priority = Choice(PRIORITIES, load_default="normal")

    @validates_schema(skip_on_field_errors=True)
    def _known_category(self, data: dict[str, Any], **_: Any) -> None:
        check_category(data["kind"], data["category"])


class OnOrder(Command):
    id = Id(required=True)


class Prioritise(OnOrder):
    priority = Choice(PRIORITIES, required=True)


class Dispatch(OnOrder):
    technician = Id(required=True)


class Pause(OnOrder):
    reason = Choice(PAUSE_REASONS, required=True)
    note = Text(SHORT, load_default=None, allow_none=True)


class Defer(OnOrder):
    until = Moment(required=True)
    reason = Text(SHORT, required=True)


class WithReason(OnOrder):
    reason = Text(SHORT, required=True)


class Transfer(OnOrder):
    technician = Id(required=True)
    reason = Text(SHORT, load_default=None, allow_none=True)


class Material(Schema):
    name = Text(100, required=True)
    quantity = Integer(minimum=1, maximum=MAX_QUANTITY, required=True)
    unit_cost_fen = Integer(minimum=0, maximum=MAX_FEN, required=True)


class Repair(OnOrder):
    """``photos``: of the finished work; ``photos_before``: of how it was found."""

    notes = Text(LONG, required=True)
    minutes = Integer(minimum=0, maximum=MAX_MINUTES, load_default=0)
    materials = Items(fields.Nested(Material), MOST_MATERIALS, load_default=list)
    charge_fen = Fen(load_default=0)
    photos = photo_list()
    photos_before = photo_list()
    signature = _signature()


class Accept(OnOrder):
    """``note`` and ``signature``: of staff who check the work."""

    note = Text(SHORT, load_default=None, allow_none=True)
    signature = _signature()


class Decline(OnOrder):
    reason = Choice(DECLINE_REASONS, required=True)
    note = Text(SHORT, required=True)
    duplicate_of = Id(load_default=None, allow_none=True)


class AddSubOrder(OnOrder):
    """``id``: the order that takes another trade. ``kind`` None: as that order."""

    kind = Choice(KINDS, load_default=None, allow_none=True)
    category = Text(40, required=True)
    description = Text(LONG, required=True)
    priority = Choice(PRIORITIES, load_default="normal")


class ReportAgain(OnOrder):
    """``id``: the order whose work did not last."""

    description = Text(LONG, required=True)
    photos = photo_list()
    channel = Choice([one for one in CHANNELS if one != "import"], load_default="page")


class Merge(OnOrder):
    """``into``: the order that it is about the same as."""

    into = Id(required=True)


class Links(Query):
    id = Id(required=True)


class Appeal(OnOrder):
    text = Text(LONG, required=True)


class AnswerRating(OnOrder):
    text = Text(LONG, required=True)


class Rate(OnOrder):
    stars = Integer(minimum=1, maximum=5, required=True)
    speed = Integer(minimum=1, maximum=5, load_default=None, allow_none=True)
    attitude = Integer(minimum=1, maximum=5, load_default=None, allow_none=True)
    comment = Text(LONG, load_default=None, allow_none=True)


class ImportOrder(Command):
    """One order of another system, with its original times and its own word for its status."""

    community = _community(required=True)
    kind = Choice(KINDS, required=True)
    category = Text(100, required=True)
    source = Text(40, required=True)
    source_id = Text(100, required=True)
    submitted_at = Moment(required=True)
    closed_at = Moment(load_default=None, allow_none=True)
    status = Text(100, required=True)
    closed = Flag(required=True)
    description = Text(LONG, load_default=None, allow_none=True)


class Get(Query):
    """``version`` or ``at`` ask for the order as it was; ``by`` says which time ``at`` means."""

    id = Id(load_default=None)
    number = Text(30, load_default=None)
    community = _community(load_default=None)
    version = Integer(minimum=1, load_default=None)
    at = Moment(load_default=None)
    by = Choice(["recorded", "occurred"], load_default="recorded")

    @validates_schema(skip_on_field_errors=True)
    def _one_name(self, data: dict[str, Any], **_: Any) -> None:
        one_name(data)


class List(Query):
    """``mine``: only what the caller reported, accepts or works on. ``cursor``: from the page
    before.
    """

    community = _community(load_default=None)
    state = Items(Choice(STATES), 7, load_default=list)
    kind = Choice(KINDS, load_default=None)
    category = Text(100, load_default=None)
    unit = Id(load_default=None)
    technician = Id(load_default=None)
    channel = Choice(CHANNELS, load_default=None)
    mine = Flag(load_default=False)
    imported = Flag(load_default=None, allow_none=True)
    search = Text(30, load_default=None)
    limit = Integer(minimum=1, maximum=200, load_default=50)
    cursor = Text(200, load_default=None, allow_none=True)
