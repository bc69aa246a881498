"""What an event is, apart from any store: who, when, why, and the domain's own data."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha1
from typing import Any
from uuid import UUID

import msgspec

EVENT_NAMESPACE = UUID("6f6a7a0e-7d4e-5c57-9f43-0d6a4f6c1b11")
_NAMESPACE = EVENT_NAMESPACE.bytes


class Meta(msgspec.Struct, frozen=True, kw_only=True):
    """Who did it, when and why.

    ``time`` is when it was recorded, ``occurred_at`` what is claimed; both aware UTC.
    ``command_digest`` is the hash of the command's content, so that the same id with other content
    is found out.
    """

    actor: str
    time: datetime
    occurred_at: datetime
    command_id: str
    command_digest: str
    correlation_id: str
    causation_id: str | None = None
    traceparent: str | None = None


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """One event as the log holds it. ``position`` is 0 where it was read by stream."""

    stream: str
    version: int
    position: int
    name: str
    schema: int
    data: Any
    meta: Meta

    @property
    def id(self) -> str:
        return event_id(self.stream, self.version, self.meta.command_id)

    @property
    def community(self) -> str:
        return community_of(self.stream)


def event_id(stream: str, version: int, command_id: str) -> str:
    """An id that changes when a restored log takes another history (other command, other id).

    It is ``uuid5(EVENT_NAMESPACE, "<stream>:<version>:<command id>")``, put together here since
    every reader of an event needs it (RFC 9562, section 5.5).
    """
    name = f"{stream}:{version}:{command_id}".encode()
    digest = bytearray(sha1(_NAMESPACE + name, usedforsecurity=False).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x50
    digest[8] = digest[8] & 0x3F | 0x80
    text = digest.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def community_of(stream: str) -> str:
    """The partition of a stream id ``<community>.<uuid>``."""
    return stream.partition(".")[0]
