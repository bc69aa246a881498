"""What comes in: hours as people write them, ``"09:00-12:00"``."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from services.workorders.orders.domain.vocabulary import KINDS, PAUSE_REASONS, PRIORITIES
from services.workorders.orders.schemas import COMMUNITY, Get, OnOrder, check_category
from services.workorders.sla.domain.aftercare import MOST_HOURS as MOST_AFTERCARE
from services.workorders.sla.domain.calendar import WEEKDAYS
from services.workorders.sla.domain.ladder import MOST_PERCENT, MOST_STEPS, MOST_UP
from services.workorders.sla.domain.targets import (
    MOST_MINUTES,
    STOPPABLE,
    STOPPING,
    TARGETS,
    TIME_KINDS,
    WAITS,
    Stoppable,
)
from services.workorders.sla.public_holidays import COUNTRIES
from shared.schemas import Choice, Command, Day, Integer, Items, Moment, Query, Schema, Text

HOURS = r"([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)"
MOST_HOURS = 12
MOST_DAYS = 400
MOST_RULES = 500
MOST_AFTERCARE_RULES = 100


def _hours(**kwargs: Any) -> Items:
    hint = "Hours such as 09:00-12:00 are expected."
    return Items(Text(11, pattern=HOURS, hint=hint, required=True), MOST_HOURS, **kwargs)


def _community() -> Text:
    return Text(32, pattern=COMMUNITY, hint="A community's short name is expected.", required=True)


Week = Schema.from_dict({day: _hours(load_default=list) for day in WEEKDAYS}, name="Week")


class LocalDay(Schema):
    """A day with hours of the community's own; none: it is off."""

    date = Day(required=True)
    hours = _hours(load_default=list)
    name = Text(60, required=True)


class Holidays(Schema):
    country = Choice(COUNTRIES, required=True)
    years = Items(Integer(minimum=2000, maximum=2100, required=True), 10, minimum=1, required=True)


class Setting(Command):
    """It holds from now on, so there is no ``occurred_at``."""

    class Meta(Command.Meta):
        exclude = ("occurred_at",)

    community = _community()


class SetCalendar(Setting):
    """``holidays``: looked up now and written down; ``days`` go before them."""

    week = fields.Nested(Week, required=True)
    holidays = fields.Nested(Holidays, load_default=None, allow_none=True)
    days = Items(fields.Nested(LocalDay), MOST_DAYS, load_default=list)


class Rule(Schema):
    target = Choice(TARGETS, required=True)
    minutes = Integer(minimum=1, maximum=MOST_MINUTES, required=True, allow_none=True)
    time = Choice(TIME_KINDS, load_default="working")
    kind = Choice(KINDS, load_default=None, allow_none=True)
    category = Text(40, load_default=None, allow_none=True)
    priority = Choice(PRIORITIES, load_default=None, allow_none=True)


def _stopped(standard: tuple[Stoppable, ...]) -> Items:
    return Items(
        Choice(STOPPABLE, required=True), len(STOPPABLE), load_default=lambda: list(standard)
    )


class Waits(Schema):
    """The targets whose time stands still until a visit that was agreed, until the owner answers a
    quote, and until the date to which an order is put off.
    """

    visit = _stopped(WAITS.visit)
    quote = _stopped(WAITS.quote)
    deferral = _stopped(WAITS.deferral)


def _waits() -> fields.Nested:
    return fields.Nested(Waits, load_default=lambda: Waits().load({}))


def _hours_of_aftercare() -> Integer:
    return Integer(minimum=1, maximum=MOST_AFTERCARE, required=True)


class AftercareRule(Schema):
    """Hours: from a repair to the reminder, from that to the check, and for opening it again."""

    kind = Choice(KINDS, load_default=None, allow_none=True)
    category = Text(40, load_default=None, allow_none=True)
    remind_hours = _hours_of_aftercare()
    check_hours = _hours_of_aftercare()
    reopen_hours = _hours_of_aftercare()


def _aftercare() -> Items:
    return Items(fields.Nested(AftercareRule), MOST_AFTERCARE_RULES, load_default=list)


class SetTargets(Setting):
    rules = Items(fields.Nested(Rule), MOST_RULES, required=True)
    stopping = Items(Choice(PAUSE_REASONS, required=True), len(PAUSE_REASONS), required=True)
    waits = _waits()
    aftercare = _aftercare()


class Step(Schema):
    percent = Integer(minimum=1, maximum=MOST_PERCENT, required=True)
    up = Integer(minimum=0, maximum=MOST_UP, required=True)


class Ladder(Schema):
    steps = Items(fields.Nested(Step), MOST_STEPS, required=True)
    kind = Choice(KINDS, load_default=None, allow_none=True)
    category = Text(40, load_default=None, allow_none=True)


class SetLadders(Setting):
    ladders = Items(fields.Nested(Ladder), 100, required=True)


class ServiceLevels(Query):
    """Without a version: what is in force now."""

    community = _community()
    calendar_version = Integer(minimum=1, load_default=None)
    targets_version = Integer(minimum=1, load_default=None)
    ladders_version = Integer(minimum=1, load_default=None)


class PreviewLevels(Query):
    """``week``, ``holidays``, ``days`` as for a calendar, ``rules``, ``stopping``, ``waits``,
    ``aftercare`` as for targets; without a week the newest calendar, without rules the newest
    targets. ``at``: now, if left out.
    """

    community = _community()
    kind = Choice(KINDS, load_default="repair")
    category = Text(40, load_default="other")
    at = Moment(load_default=None)
    week = fields.Nested(Week, load_default=None, allow_none=True)
    holidays = fields.Nested(Holidays, load_default=None, allow_none=True)
    days = Items(fields.Nested(LocalDay), MOST_DAYS, load_default=list)
    rules = Items(fields.Nested(Rule), MOST_RULES, load_default=None, allow_none=True)
    stopping = Items(
        Choice(PAUSE_REASONS, required=True), len(PAUSE_REASONS), load_default=lambda: [*STOPPING]
    )
    waits = _waits()
    aftercare = _aftercare()

    @validates_schema(skip_on_field_errors=True)
    def _whole(self, data: dict[str, Any], **_: Any) -> None:
        check_category(data["kind"], data["category"])
        if data["week"] is None and (data["holidays"] is not None or data["days"]):
            raise ValidationError({"week": ["Give the week that these days belong to."]})


class AtRisk(Query):
    """``percent``: of a promise, from which on it is at risk."""

    community = _community()
    percent = Integer(minimum=1, maximum=100, load_default=80)


class Sla(Get):
    """``by``: whether what happened counts when it did or when it was recorded.

    ``calendar_version``, ``targets_version``: what if the order were judged by these.
    """

    class Meta(Get.Meta):
        exclude = ("version",)

    by = Choice(["recorded", "occurred"], load_default="occurred")
    calendar_version = Integer(minimum=1, load_default=None)
    targets_version = Integer(minimum=1, load_default=None)


class Escalate(OnOrder):
    """``due``: the moment the caller was to call at, whatever the clock here says."""

    class Meta(OnOrder.Meta):
        exclude = ("occurred_at", "expected_version")

    due = Moment(required=True)


class WarnOfMissingHolidays(Command):
    """``due``: as of ``Escalate``."""

    class Meta(Command.Meta):
        exclude = ("occurred_at", "expected_version")

    community = _community()
    due = Moment(required=True)
