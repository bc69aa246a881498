"""What the register's methods take."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from marshmallow import ValidationError

from services.security.ids import COMPANY
from services.security.register.domain.tenancies import KINDS
from shared.schemas import Choice, Command, Id, Integer, Moment, Query, Text

LANGUAGES = ("zh-CN", "en")
SLUG = "[a-z][a-z0-9-]{1,31}"
_SLUG_HINT = "2 to 32 of a-z, 0-9 and - are expected, a letter first."
_ZONES = frozenset(available_timezones())


class Slug(Text):
    """The short name of a community, which begins every id in it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(32, pattern=SLUG, hint=_SLUG_HINT, **kwargs)


class TimeZone(Text):
    """A name of the IANA time zone database, such as Asia/Shanghai."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if text not in _ZONES:
            raise ValidationError("A time zone such as Asia/Shanghai is expected.")
        return text


class Phone(Text):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            20,
            pattern=r"(?=.*[0-9])\+?[0-9 -]{2,19}[0-9]",
            hint="A phone number is expected: 3 to 20 of digits, blanks and -, + at most in front.",
            **kwargs,
        )


class RegisterCommunity(Command):
    community = Slug(required=True)
    name = Text(100, required=True)
    timezone = TimeZone(64, load_default="Asia/Shanghai")
    language = Choice(LANGUAGES, load_default="zh-CN")


class RegisterBuilding(Command):
    community = Slug(required=True)
    code = Text(20, required=True)
    name = Text(100, required=True)


class RegisterUnit(Command):
    building = Id(required=True)
    code = Text(20, required=True)


class RegisterPerson(Command):
    """``community`` is ``_`` for people of the company; ``language`` by default the community's."""

    community = Text(32, required=True, pattern=f"{COMPANY}|{SLUG}", hint=f"_, or {_SLUG_HINT}")
    name = Text(100, required=True)
    phone = Phone(load_default=None)
    language = Choice(LANGUAGES, load_default=None)


class MoveIn(Command):
    person = Id(required=True)
    unit = Id(required=True)
    kind = Choice(KINDS, required=True)
    since = Moment(load_default=None)


class MoveOut(Command):
    tenancy = Id(required=True)
    until = Moment(load_default=None)


class ForgetPerson(Command):
    person = Id(required=True)


class Me(Query):
    pass


class Communities(Query):
    pass


class Units(Query):
    """``after``: the ``next`` of the page before."""

    community = Slug(required=True)
    after = Id(load_default=None)
    limit = Integer(minimum=1, maximum=1000, load_default=200)


class People(Query):
    """``search``: part of a name or a phone number. ``after``: the ``next`` of the page before."""

    community = Text(32, required=True, pattern=f"{COMPANY}|{SLUG}", hint=f"_, or {_SLUG_HINT}")
    search = Text(100, load_default=None)
    after = Id(load_default=None)
    limit = Integer(minimum=1, maximum=500, load_default=100)


class FindPerson(Query):
    """``phone``: the whole number, however it is spaced, with the country's prefix or without."""

    community = Slug(required=True)
    phone = Phone(required=True)


class Person(Query):
    person = Id(required=True)
