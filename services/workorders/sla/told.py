"""What goes out, for the methods' contracts; ``answers`` makes it."""

from __future__ import annotations

from typing import get_args

from marshmallow import fields

from services.workorders.orders.domain.vocabulary import (
    ACTIVITIES,
    HOLD_REASONS,
    KINDS,
    PRIORITIES,
    STATES,
)
from services.workorders.sla.domain.runs import RunState
from services.workorders.sla.domain.targets import TARGETS, TIME_KINDS
from services.workorders.sla.domain.waits import STOP_REASONS
from shared.schemas import Answer, Choice, Flag, Id, Integer, Moment, Page, Text


def _version() -> Integer:
    return Integer(minimum=1, required=True, allow_none=True)


def _moment() -> Moment:
    return Moment(required=True, allow_none=True)


def _time() -> Choice:
    return Choice(TIME_KINDS, required=True, allow_none=True)


class LevelsSet(Answer):
    """The versions that hold from now on; None: of that there is none yet."""

    id = Text(100, required=True)
    version = Integer(minimum=1, required=True)
    log = Text(40, required=True)
    position = Integer(minimum=0, required=True)
    calendar_version = _version()
    targets_version = _version()
    ladders_version = _version()


class ServiceLevels(Page):
    """``versions``: of each of the three, when it was set and by whom. ``missing_holidays``: the
    years, this one or the one that begins within 60 days, without public holidays in the calendar
    in force, where it has those of others.
    """

    community = Text(32, required=True)
    calendar = fields.Dict(required=True, allow_none=True)
    targets = fields.Dict(required=True, allow_none=True)
    ladders = fields.List(fields.Dict(), required=True, allow_none=True)
    versions = fields.Dict(required=True)
    missing_holidays = fields.List(Integer(), required=True)


class Promise(Answer):
    """``due``: None for what starts later, as acceptance does with the repair."""

    priority = Choice(PRIORITIES, required=True)
    target = Choice(TARGETS, required=True)
    minutes = Integer(minimum=1, required=True)
    time = Choice(TIME_KINDS, required=True)
    due = _moment()


class Preview(Page):
    """``calendar``: as it would be set, public holidays looked up; ``promises`` by priority."""

    community = Text(32, required=True)
    at = Moment(required=True)
    calendar = fields.Dict(required=True, allow_none=True)
    promises = fields.List(fields.Nested(Promise), required=True)


class Pressing(Answer):
    """An order and the promise that presses most; ``percent`` of its time is used up.

    ``remaining_seconds``: below 0 where it is late. ``due``: None while something stops it.
    """

    id = Id(required=True)
    number = Text(30, required=True)
    kind = Choice(KINDS, required=True)
    category = Text(100, required=True)
    building = Id(required=True, allow_none=True)
    unit = Id(required=True, allow_none=True)
    state = Choice(STATES, required=True)
    activity = Choice(ACTIVITIES, required=True)
    technician = Id(required=True, allow_none=True)
    submitted_at = Moment(required=True)
    target = Choice(TARGETS, required=True)
    time = Choice(TIME_KINDS, required=True)
    due = _moment()
    breached = Flag(required=True)
    percent = Integer(minimum=0, required=True)
    remaining_seconds = Integer(required=True, allow_none=True)
    stopped_by = Choice(STOP_REASONS, required=True, allow_none=True)


class AtRisk(Page):
    """``overdue``, ``at_risk``: how many; ``more``: there are others than those looked at or told.

    The latest first, then those with least time left.
    """

    community = Text(32, required=True)
    at = Moment(required=True)
    percent = Integer(minimum=1, maximum=100, required=True)
    overdue = Integer(minimum=0, required=True)
    at_risk = Integer(minimum=0, required=True)
    orders = fields.List(fields.Nested(Pressing), required=True)
    more = Flag(required=True)


class Interval(Answer):
    """``why``: it counted, or did not; ``reason`` is the pause's, ``name`` the special day's.

    ``time``: the kind of time promised then; None where nothing was.
    """

    start = Moment(required=True)
    end = _moment()
    seconds = Integer(required=True)
    counted = Flag(required=True)
    why = Text(40, required=True, allow_none=True)
    reason = Choice(HOLD_REASONS, required=True, allow_none=True)
    name = Text(100, required=True, allow_none=True)
    time = _time()


class Run(Answer):
    """One promise of an order: so many ``minutes`` of that kind of ``time``; None: no longer any.

    ``remaining_seconds``: below 0 where it is late. ``stopped_by``: why its time stands still now.
    ``paused_seconds``: what each reason kept from counting.
    """

    target = Choice(TARGETS, required=True)
    run = Integer(minimum=1, required=True)
    state = Choice(get_args(RunState), required=True)
    minutes = Integer(minimum=1, required=True, allow_none=True)
    time = _time()
    started_at = Moment(required=True)
    ended_at = _moment()
    due = _moment()
    breached = Flag(required=True)
    consumed_seconds = Integer(required=True)
    remaining_seconds = Integer(required=True, allow_none=True)
    stopped_by = Choice(STOP_REASONS, required=True, allow_none=True)
    paused_seconds = fields.Dict(
        keys=Choice(STOP_REASONS), values=Integer(minimum=0), required=True
    )
    intervals = fields.List(fields.Nested(Interval), required=True)


class Sla(Page):
    """``escalations``: residents are told of promises to them that were broken, and not whom it
    was said to.
    """

    id = Id(required=True)
    number = Text(30, required=True)
    priority = Text(40, required=True, allow_none=True)
    at = Moment(required=True)
    by = Text(20, required=True)
    calendar_version = _version()
    targets_version = _version()
    targets = fields.List(fields.Nested(Run), required=True)
    escalations = fields.List(fields.Dict(), required=True)


class Escalated(Answer):
    """``escalated``: None where nothing was due; then there is no version and no position."""

    id = Id(required=True)
    number = Text(30, required=True)
    escalated = fields.Dict(required=True, allow_none=True)
    version = Integer(minimum=1)
    log = Text(40)
    position = Integer(minimum=0)


class HolidaysWarned(Answer):
    """``years``: of which people are warned now."""

    id = Id(required=True)
    version = Integer(minimum=0, required=True)
    log = Text(40, required=True)
    position = Integer(minimum=0, required=True)
    years = fields.List(Integer(), required=True)
