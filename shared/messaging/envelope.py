"""What other services see of an event: CloudEvents 1.0, structured JSON, one `Fact` a message.

Source: CloudEvents 1.0.2 (context attributes, JSON format). The extension attributes are lower case
and without separators, as its section 3.1 asks. Attributes nobody here knows are ignored, as it
asks too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal

import msgspec

from shared.errors import Invalid

CONTENT_TYPE: Final = "application/json"

_Text = Annotated[str, msgspec.Meta(min_length=1)]
_Number = Annotated[int, msgspec.Meta(ge=1)]
_Moment = Annotated[datetime, msgspec.Meta(tz=True)]

_SCHEMA_PATH = re.compile(
    r"/contracts/(?P<log>[^/]+)/(?P<type>[^/]+)\.v(?P<schema>[1-9][0-9]{0,5})\.json"
)
_MISSING = re.compile(r"missing required field `(?P<name>[^`]+)`")
_AT = re.compile(r" - at `\$\.?(?P<path>[^`]*)`$")


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """One event of one log, as views, policies and other services get it.

    ``log`` is the service's name, ``position`` its place there (increasing, with holes; 0 where it
    was read by stream); ``subject`` the stream and ``version`` the place in it, from 1; ``schema``
    the version of ``type``. Times are aware, UTC. ``data`` holds JSON values alone; personal fields
    are withheld (null) unless the reader is entitled.
    """

    id: str
    log: str
    position: int
    type: str
    schema: int
    subject: str
    version: int
    community: str
    time: datetime
    occurred_at: datetime
    actor: str
    command_id: str
    correlation_id: str
    data: dict[str, Any]
    causation_id: str | None = None
    traceparent: str | None = None


class _Envelope(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The names on the wire; the order here is the order there."""

    # mandatory although they never vary: omit_defaults would drop a default
    specversion: Literal["1.0"]
    id: _Text
    source: _Text
    type: _Text
    subject: _Text
    time: _Moment
    datacontenttype: Literal["application/json"]
    dataschema: _Text
    log: _Text
    position: Annotated[int, msgspec.Meta(ge=0)]
    community: _Text
    streamversion: _Number
    occurredat: _Moment
    commandid: _Text
    correlationid: _Text
    causationid: _Text | None = None
    actor: _Text
    traceparent: _Text | None = None
    data: dict[str, Any]


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(_Envelope)


def encode(fact: Fact) -> bytes:
    """The fact as UTF-8 JSON, ready to be a message's body."""
    return _encoder.encode(_envelope(fact))


def to_json_dict(fact: Fact) -> dict[str, Any]:
    """The fact as JSON values (times as ISO 8601 text), for an answer that is encoded later."""
    found: dict[str, Any] = msgspec.to_builtins(_envelope(fact))
    return found


def decode(message: bytes | str | Mapping[str, Any]) -> Fact:
    """The fact in a message's body, or in one already parsed.

    Raises `Invalid`, its ``fields`` naming the attribute at fault (``envelope`` where it is the
    whole).
    """
    try:
        if isinstance(message, bytes | str):
            found = _decoder.decode(message)
        else:
            found = msgspec.convert(message, _Envelope)
    except msgspec.ValidationError as error:
        raise _invalid(*_place(str(error))) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _invalid("envelope", f"not JSON: {error}") from None
    return _fact(found)


def _envelope(fact: Fact) -> _Envelope:
    return _Envelope(
        specversion="1.0",
        id=fact.id,
        source=f"/wuye/{fact.log}",
        type=fact.type,
        subject=fact.subject,
        time=fact.time,
        datacontenttype=CONTENT_TYPE,
        dataschema=f"/contracts/{fact.log}/{fact.type}.v{fact.schema}.json",
        data=fact.data,
        log=fact.log,
        position=fact.position,
        community=fact.community,
        streamversion=fact.version,
        occurredat=fact.occurred_at,
        commandid=fact.command_id,
        correlationid=fact.correlation_id,
        causationid=fact.causation_id,
        actor=fact.actor,
        traceparent=fact.traceparent,
    )


def _fact(found: _Envelope) -> Fact:
    if found.source != f"/wuye/{found.log}":
        raise _invalid("source", f"expected /wuye/{found.log}")
    place = _SCHEMA_PATH.fullmatch(found.dataschema)
    if place is None or place["log"] != found.log or place["type"] != found.type:
        raise _invalid("dataschema", f"expected /contracts/{found.log}/{found.type}.v<number>.json")
    return Fact(
        id=found.id,
        log=found.log,
        position=found.position,
        type=found.type,
        schema=int(place["schema"]),
        subject=found.subject,
        version=found.streamversion,
        community=found.community,
        time=_utc(found.time),
        occurred_at=_utc(found.occurredat),
        actor=found.actor,
        command_id=found.commandid,
        correlation_id=found.correlationid,
        data=found.data,
        causation_id=found.causationid,
        traceparent=found.traceparent,
    )


def _utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo is UTC else moment.astimezone(UTC)


def _place(text: str) -> tuple[str, str]:
    """Field and message out of msgspec's "Expected `int`, got `str` - at `$.position`"."""
    at = _AT.search(text)
    path = at["path"] if at else ""
    message = text[: at.start()] if at else text
    missing = _MISSING.search(message)
    if missing:
        path = f"{path}.{missing['name']}" if path else missing["name"]
        message = "This attribute is required."
    return path or "envelope", message


def _invalid(field: str, message: str) -> Invalid:
    return Invalid("This is not an event envelope.", fields={field: [message]})
