"""What both queries take, and what both answer."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from marshmallow import ValidationError, validates_schema

from services.analytics.selection import DIMENSIONS
from shared.schemas import Answer, Choice, Id, Items, Moment, Page, Query, Text

KINDS = ("repair", "complaint")
_ZONES = frozenset(available_timezones())


class TimeZone(Text):
    """A name of the IANA time zone database, such as Asia/Shanghai."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if text not in _ZONES:
            raise ValidationError("A time zone such as Asia/Shanghai is expected.")
        return text


class Figures(Query):
    """``from`` belongs to the period, ``to`` does not. ``time_zone`` says where months begin.

    ``at_least`` is a position of the log of ``workorders``, which all figures come from.
    """

    community = Text(
        32,
        pattern=r"[a-z][a-z0-9-]{1,31}",
        hint="A community's short name is expected, such as lakeside.",
        load_default=None,
    )
    building = Id(load_default=None)
    category = Text(100, load_default=None)
    kind = Choice(KINDS, load_default=None)
    channel = Text(40, load_default=None)
    technician = Id(load_default=None)
    group_by = Items(Choice(DIMENSIONS), len(DIMENSIONS), load_default=list)
    since = Moment(data_key="from", load_default=None)
    until = Moment(data_key="to", load_default=None)
    time_zone = TimeZone(64, load_default="Asia/Shanghai")

    @validates_schema(skip_on_field_errors=True)
    def _makes_sense(self, data: dict[str, Any], **_: Any) -> None:
        if len(set(data["group_by"])) < len(data["group_by"]):
            raise ValidationError("Name each of them once.", "group_by")
        since, until = data["since"], data["until"]
        if since is not None and until is not None and until <= since:
            raise ValidationError("This must be after from.", "to")


class Period(Page):
    """``from`` belongs to the period, ``to`` does not; None is open."""

    since = Moment(data_key="from", required=True, allow_none=True)
    until = Moment(data_key="to", required=True, allow_none=True)
    time_zone = Text(64, required=True)


# beside the figures of a group, those it was asked to be by; ``month`` such as 2026-03
Dimensions = Answer.from_dict(
    {name: Text(100, allow_none=True) for name in DIMENSIONS}, name="Dimensions"
)
