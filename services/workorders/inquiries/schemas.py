"""What comes in about inquiries."""

from __future__ import annotations

from typing import Any

from marshmallow import validates_schema

from services.workorders.dispatching.schemas import community
from services.workorders.inquiries.domain.deadlines import MOST_HOURS
from services.workorders.inquiries.domain.events import INQUIRY_KINDS, INQUIRY_STATES
from services.workorders.orders.domain.vocabulary import CHANNELS, KINDS, PRIORITIES
from services.workorders.orders.schemas import (
    COMMUNITY,
    LONG,
    check_category,
    one_name,
    photo_list,
)
from shared.schemas import Choice, Command, Flag, Id, Integer, Query, Text


class SubmitInquiry(Command):
    """``unit`` or ``building`` says where; neither means the community's common ground.

    ``reporter``: the resident whom staff write it down for.
    """

    community = community()
    kind = Choice(INQUIRY_KINDS, required=True)
    unit = Id(load_default=None)
    building = Id(load_default=None)
    reporter = Id(load_default=None)
    channel = Choice([one for one in CHANNELS if one != "import"], load_default="page")
    text = Text(LONG, required=True)
    photos = photo_list()


class OnInquiry(Command):
    id = Id(required=True)


class AnswerInquiry(OnInquiry):
    answer = Text(LONG, required=True)


class ConvertInquiry(OnInquiry):
    """Which kind of order it becomes."""

    kind = Choice(KINDS, required=True)
    category = Text(40, required=True)
    priority = Choice(PRIORITIES, load_default="normal")

    @validates_schema(skip_on_field_errors=True)
    def _known_category(self, data: dict[str, Any], **_: Any) -> None:
        check_category(data["kind"], data["category"])


class GetInquiry(Query):
    id = Id(load_default=None)
    number = Text(30, load_default=None)
    community = Text(32, pattern=COMMUNITY, load_default=None)

    @validates_schema(skip_on_field_errors=True)
    def _one_name(self, data: dict[str, Any], **_: Any) -> None:
        one_name(data)


class Inquiries(Query):
    """``mine``: only the caller's own. ``overdue``: only those open after their deadline."""

    community = Text(32, pattern=COMMUNITY, load_default=None)
    kind = Choice(INQUIRY_KINDS, load_default=None)
    state = Choice(INQUIRY_STATES, load_default=None)
    mine = Flag(load_default=False)
    overdue = Flag(load_default=False)
    limit = Integer(minimum=1, maximum=200, load_default=50)
    cursor = Text(200, load_default=None, allow_none=True)


def _hours() -> Integer:
    return Integer(minimum=1, maximum=MOST_HOURS, required=True)


class SetAnswerDeadlines(Command):
    """Hours of the calendar."""

    community = community()
    suggestion = _hours()
    question = _hours()
    praise = _hours()


class AnswerDeadlines(Query):
    community = community()
