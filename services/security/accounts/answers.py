"""What the methods of accounts give."""

from __future__ import annotations

from marshmallow import fields

from services.security.permissions import ROLES
from shared.schemas import Answer, Choice, Done, Id, Integer, Moment, Text


class Granted(Done):
    """``post``: by which it can be withdrawn."""

    post = Id(required=True)


class Post(Answer):
    """``buildings``: None is the whole community."""

    role = Choice(ROLES, required=True)
    community = Text(32, required=True)
    buildings = fields.List(Id(), required=True, allow_none=True)


class Tokens(Done):
    """``expires_in``: seconds. The refresh token works once."""

    access_token = Text(8000, required=True)
    token_type = Choice(["Bearer"], required=True)
    expires_in = Integer(minimum=0, required=True)
    refresh_token = Text(200, required=True)
    refresh_expires_at = Moment(required=True)
    session = Id(required=True)
    person = Id(required=True)
    language = Text(10, required=True)
    posts = fields.List(fields.Nested(Post), required=True)
