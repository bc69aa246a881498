"""What the register's queries give."""

from __future__ import annotations

from marshmallow import fields

from services.security.permissions import ROLES
from shared.schemas import Answer, Choice, Flag, Id, Items, Moment, Page, Text

_NAME = 100


class Unit(Answer):
    unit = Id(required=True)
    code = Text(20, required=True)
    building = Id(required=True)
    building_code = Text(20, required=True)
    building_name = Text(_NAME, required=True)
    community = Text(32, required=True)


class Units(Page):
    """``next``: the ``after`` of the next page; None after the last."""

    units = Items(fields.Nested(Unit), 1000, required=True)
    next = Id(required=True, allow_none=True)


class Community(Answer):
    community = Text(32, required=True)
    name = Text(_NAME, required=True)
    timezone = Text(64, required=True)
    language = Text(10, required=True)


class Communities(Page):
    communities = fields.List(fields.Nested(Community), required=True)


class Home(Answer):
    tenancy = Id(required=True)
    unit = Id(required=True)
    building = Id(required=True)
    community = Text(32, required=True)
    kind = Text(20, required=True)


class OwnHome(Answer):
    """The unit's fields are there as soon as it is known."""

    tenancy = Id(required=True)
    kind = Text(20, required=True)
    since = Moment(required=True)
    community_name = Text(_NAME, required=True, allow_none=True)
    unit = Id()
    code = Text(20)
    building = Id()
    building_code = Text(20)
    building_name = Text(_NAME)
    community = Text(32)


class Post(Answer):
    """``buildings``: None is the whole community."""

    post = Id(required=True)
    role = Choice(ROLES, required=True)
    community = Text(32, required=True)
    buildings = fields.List(Id(), required=True, allow_none=True)
    team = Text(60, required=True, allow_none=True)
    superior = Id(required=True, allow_none=True)


class _Person(Answer):
    person = Id(required=True)
    community = Text(32, required=True)
    name = Text(_NAME, required=True, allow_none=True)
    phone = Text(20, required=True, allow_none=True)
    language = Text(10, required=True)
    forgotten = Flag(required=True)
    posts = fields.List(fields.Nested(Post), required=True)


class PersonRow(_Person):
    """``name`` and ``phone``: None where they were forgotten."""

    homes = fields.List(fields.Nested(Home), required=True)


class People(Page):
    """``next``: the ``after`` of the next page; None after the last."""

    people = Items(fields.Nested(PersonRow), 500, required=True)
    next = Id(required=True, allow_none=True)


class Found(Page):
    """Those who have just this number."""

    people = fields.List(fields.Nested(PersonRow), required=True)


class Me(_Person, Page):
    """``session``: None where the token is not a person's."""

    session = Id(required=True, allow_none=True)
    homes = fields.List(fields.Nested(OwnHome), required=True)


class Tenancy(Home):
    since = Moment(required=True)
    until = Moment(required=True, allow_none=True)


class Account(Answer):
    account = Id(required=True)
    login = Text(64, required=True, allow_none=True)
    closed = Flag(required=True)


class Person(PersonRow, Page):
    """``accounts``: for those alone who may see them."""

    tenancies = fields.List(fields.Nested(Tenancy), required=True)
    accounts = fields.List(fields.Nested(Account))
