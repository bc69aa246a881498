"""The base of every marshmallow schema: strict types, unknown fields refused, clear messages.

Text is kept as it came, code point for code point; a number is a number, never text that looks
like one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import marshmallow
from marshmallow import INCLUDE, RAISE, ValidationError, fields

from shared.errors import Invalid

# the largest whole number that every JSON reader keeps exactly (RFC 8259, section 6)
LARGEST = 2**53 - 1
_UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_UUID_TEXT = re.compile(_UUID)
_ID_TEXT = re.compile(rf"(?:_|[a-z][a-z0-9-]{{1,31}})\.{_UUID}")
_DAY_TEXT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOST_FIELDS_NAMED = 50
_LONGEST_NAME = 80
_LONGEST_MOMENT = 40
_SCHEMA_MESSAGES = {"type": "An object is expected here.", "unknown": "There is no such field."}


def _messages(**own: str) -> dict[str, str | list[Any] | dict[Any, Any]]:
    return {"required": "This field is required.", "null": "This field may not be null.", **own}


class Schema(marshmallow.Schema):
    """Refuses what it does not know."""

    class Meta:
        unknown = RAISE

    error_messages = _SCHEMA_MESSAGES


class Integer(fields.Integer):
    """A JSON whole number within ``minimum`` and ``maximum``; "5", 5.0 and true are refused."""

    default_error_messages = _messages(
        invalid="A whole number is expected, without quotes or decimals.",
        range="This must be a whole number from {minimum} to {maximum}.",
    )

    def __init__(self, *, minimum: int = -LARGEST, maximum: int = LARGEST, **kwargs: Any) -> None:
        super().__init__(strict=True, **kwargs)
        self.minimum, self.maximum = minimum, maximum

    def _validated(self, value: Any) -> int:
        number = super()._validated(value)
        if not self.minimum <= number <= self.maximum:
            raise self.make_error("range", minimum=self.minimum, maximum=self.maximum)
        return number


class Fen(Integer):
    """An amount of money in fen (1/100 yuan), 0 or more."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(minimum=0, **kwargs)


class Flag(fields.Field[bool]):
    """true or false, nothing that merely looks like it."""

    default_error_messages = _messages(
        invalid="true or false is expected, without quotes.",
    )

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid")
        return value


class Text(fields.Field[str]):
    """Unicode text of at most ``maximum`` code points, kept as it came, blanks at its ends too.

    Refused: NUL and lone surrogates (no store keeps them); blanks alone, where the field is
    required; and, where ``pattern`` is given, what does not match it whole (``hint`` then says what
    would).
    """

    default_error_messages = _messages(
        invalid="Text is expected, in quotes.",
        blank="This may not be empty.",
        long="This may have at most {maximum} characters; it has {length}.",
        character="This has a character that cannot be kept: {name} at place {place}.",
        pattern="{hint}",
    )

    def __init__(
        self,
        maximum: int,
        *,
        pattern: str | None = None,
        hint: str = "This does not have the expected form.",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.maximum, self.hint = maximum, hint
        self.pattern = re.compile(pattern) if pattern is not None else None

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str):
            raise self.make_error("invalid")
        if len(value) > self.maximum:
            raise self.make_error("long", maximum=self.maximum, length=len(value))
        found = _unkeepable(value)
        if found is not None:
            raise self.make_error("character", place=found + 1, name=f"U+{ord(value[found]):04X}")
        if self.required and not value.strip():
            raise self.make_error("blank")
        if self.pattern is not None and not self.pattern.fullmatch(value):
            raise self.make_error("pattern", hint=self.hint)
        return value


class Choice(Text):
    """One of a few fixed words."""

    def __init__(self, choices: Collection[str], **kwargs: Any) -> None:
        super().__init__(100, **kwargs)
        self.choices = tuple(choices)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if text not in self.choices:
            raise ValidationError(f"This must be one of: {', '.join(self.choices)}.")
        return text


class Id(Text):
    """The id of a stream, ``<community>.<uuid>``; community ``_`` is the whole company."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            69,
            pattern=_ID_TEXT.pattern,
            hint="An id of the form community.uuid is expected, as an answer gave it.",
            **kwargs,
        )


class Uuid(fields.Field[str]):
    """A UUID as text of 36 characters (RFC 9562); answered in lower case."""

    default_error_messages = _messages(
        invalid="A UUID is expected, as text of 36 characters.",
    )

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str) or not _UUID_TEXT.fullmatch(value.lower()):
            raise self.make_error("invalid")
        return value.lower()


class Moment(fields.Field[datetime]):
    """ISO 8601 text with an offset from UTC; answered as an aware ``datetime`` in UTC."""

    default_error_messages = _messages(
        invalid="A time in ISO 8601 is expected, such as 2026-03-01T09:30:00+08:00.",
        offset="The time needs its offset from UTC, such as +08:00 or Z.",
    )

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> datetime:
        if not isinstance(value, str) or len(value) > _LONGEST_MOMENT:
            raise self.make_error("invalid")
        try:
            moment = datetime.fromisoformat(value)
            if moment.tzinfo is None:
                raise self.make_error("offset")
            return moment.astimezone(UTC)
        except (ValueError, OverflowError) as error:
            if isinstance(error, ValidationError):
                raise
            raise self.make_error("invalid") from error

    def _serialize(self, value: datetime | None, attr: Any, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else value.isoformat()


class Day(fields.Field[date]):
    """A day of the calendar as ISO 8601 text, such as 2026-03-01."""

    default_error_messages = _messages(invalid="A day is expected, such as 2026-03-01.")

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> date:
        if not isinstance(value, str) or not _DAY_TEXT.fullmatch(value):
            raise self.make_error("invalid")
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise self.make_error("invalid") from error


class Items(fields.List[Any]):
    """A JSON array of ``minimum`` to ``maximum`` items."""

    default_error_messages = _messages(
        invalid="A list is expected.",
        long="This may have at most {maximum} items; it has {length}.",
        short="This needs at least {minimum} items; it has {length}.",
    )

    def __init__(
        self, inner: fields.Field[Any], maximum: int, *, minimum: int = 0, **kwargs: Any
    ) -> None:
        super().__init__(inner, **kwargs)
        self.minimum, self.maximum = minimum, maximum

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> list[Any]:
        if not isinstance(value, (list, tuple)):
            raise self.make_error("invalid")
        if len(value) > self.maximum:
            raise self.make_error("long", maximum=self.maximum, length=len(value))
        if len(value) < self.minimum:
            raise self.make_error("short", minimum=self.minimum, length=len(value))
        return super()._deserialize(value, attr, data, **kwargs)


class Command(Schema):
    """What every command may carry.

    ``command_id``: the same id means the same command, however often it is sent.
    ``expected_version``: refuse when the stream is at another version. ``occurred_at``: when it
    happened, where that differs from now.
    """

    command_id = Uuid(load_default=None)
    expected_version = Integer(minimum=0, load_default=None)
    occurred_at = Moment(load_default=None)


class Query(Schema):
    """What every query may carry: ``at_least``, the log position its answer should have reached."""

    at_least = Integer(minimum=0, load_default=None)


class Answer(Schema):
    """What a method answers: for its contract, not checked on its way out.

    Fields may be added, so readers pass over those they do not know.
    """

    class Meta:
        unknown = INCLUDE


class Written(Answer):
    """What every command answers.

    ``version``: the stream's, for ``expected_version``. ``position`` in ``log``: pass it to a query
    as ``at_least`` to read what was just written.
    """

    id = Text(100, required=True)
    version = Integer(minimum=0, required=True)
    log = Text(40, required=True)
    position = Integer(minimum=0, required=True)


class Done(Written):
    """With the ``state`` that it left the thing in."""

    state = Text(40, required=True, allow_none=True)


class Page(Answer):
    """``behind``: whether this may lack what ``at_least`` asked for."""

    behind = Flag(required=True)


@cache
def _made(schema: type[Schema]) -> Schema:
    return schema()


def load(schema: type[Schema], data: Any) -> dict[str, Any]:
    """The checked, converted content of ``data``; raises :class:`Invalid` with every fault."""
    try:
        found: dict[str, Any] = _made(schema).load(data)
    except ValidationError as error:
        raise Invalid("The request has faults; see its fields.", fields=errors_of(error)) from None
    return found


def errors_of(error: ValidationError) -> dict[str, list[str]]:
    """The messages of a marshmallow error by dotted field name: ``{"materials.0.name": ["..."]}``.

    Faults of the whole request stand under ``request``. At most 50 fields are named, so that
    nonsense of any size gets a short answer.
    """
    found: dict[str, list[str]] = {}
    for name, text in _flat(error.messages, ()):
        if name not in found and len(found) == _MOST_FIELDS_NAMED:
            break
        found.setdefault(name, []).append(text)
    return found


def _flat(messages: Any, path: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            yield from _flat(inner, path if key == "_schema" else (*path, _name(key)))
    elif isinstance(messages, (list, tuple)):
        for inner in messages:
            yield from _flat(inner, path)
    else:
        yield ".".join(path) or "request", str(messages)


def _name(key: object) -> str:
    """A field's name as an answer can carry it: an unknown one may hold anything."""
    text = str(key)[:_LONGEST_NAME].replace("\0", "\\0")
    return text.encode("utf-8", "backslashreplace").decode()


def _unkeepable(text: str) -> int | None:
    """The place of the first NUL or lone surrogate, which no store and no message can carry."""
    nul = text.find("\0")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        return error.start if nul < 0 else min(nul, error.start)
    return None if nul < 0 else nul
