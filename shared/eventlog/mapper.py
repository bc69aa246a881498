"""Between the domain's events and the bytes in the log.

Bytes are canonical JSON (sorted members, no spaces) and are never rewritten, so that hashes over
them can come later. Personal fields are sealed under their person's key, bound to stream, version
and wire name.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from eventsourcing.persistence import Notification, StoredEvent

from shared.eventlog.catalogue import Catalogue
from shared.eventlog.records import Meta, Recorded, community_of, event_id
from shared.messaging.envelope import Fact
from shared.privacy.personal import personal_fields
from shared.privacy.seal import Sealer


class _Body(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What stands in the column ``state``."""

    schema: int
    time: datetime
    occurred_at: datetime | None = None
    actor: str
    command_id: str
    command_digest: str
    correlation_id: str
    causation_id: str | None = None
    traceparent: str | None = None
    data: dict[str, Any]


class _Time(msgspec.Struct, frozen=True):
    """As much of a `_Body` as says when."""

    time: datetime


class Decoded(msgspec.Struct, frozen=True):
    """An event of the log with its personal text withheld; ``sealed``: its data as it is stored,
    where there is such text. It is opened anew for each reader, so that no text outlives its key.
    """

    fact: Fact
    sealed: dict[str, Any] | None


_encoder = msgspec.json.Encoder(order="sorted")
_decoder = msgspec.json.Decoder(_Body)
_time_decoder = msgspec.json.Decoder(_Time)


def _context(stream: str, version: int, name: str) -> str:
    return f"{stream}:{version}:{name}"


class Mapper:
    def __init__(self, catalogue: Catalogue, sealer: Sealer) -> None:
        self.catalogue = catalogue
        self._sealer = sealer

    def encode(self, stream: str, version: int, event: Any, meta: Meta) -> StoredEvent:
        kind = self.catalogue.of_class(type(event))
        data = self._sealer.seal_data(
            kind.cls,
            msgspec.to_builtins(event),
            actor=meta.actor,
            context=_context(stream, version, kind.name),
        )
        body = _Body(
            schema=kind.schema,
            time=meta.time,
            occurred_at=None if meta.occurred_at == meta.time else meta.occurred_at,
            actor=meta.actor,
            command_id=meta.command_id,
            command_digest=meta.command_digest,
            correlation_id=meta.correlation_id,
            causation_id=meta.causation_id,
            traceparent=meta.traceparent,
            data=data,
        )
        return StoredEvent(stream, version, kind.name, _encoder.encode(body))

    def decode(self, stored: StoredEvent, position: int = 0) -> Recorded:
        """The event with its personal fields opened (``None`` where the person was forgotten)."""
        body = _decoder.decode(stored.state)
        kind = self.catalogue.of_name(stored.topic)
        data = self._sealer.open_data(
            kind.cls,
            self.catalogue.upcast(stored.topic, body.schema, body.data),
            context=_context(str(stored.originator_id), stored.originator_version, stored.topic),
        )
        return Recorded(
            stream=str(stored.originator_id),
            version=stored.originator_version,
            position=position,
            name=stored.topic,
            schema=kind.schema,
            data=msgspec.convert(data, kind.cls),
            meta=_meta(body),
        )

    def meta(self, stored: StoredEvent) -> Meta:
        return _meta(_decoder.decode(stored.state))

    def id_of(self, stored: StoredEvent) -> str:
        """The event's id, whatever release wrote it."""
        body = _decoder.decode(stored.state)
        return event_id(str(stored.originator_id), stored.originator_version, body.command_id)

    def time_of(self, stored: StoredEvent | Notification) -> datetime:
        """When the event was recorded, whatever release wrote it."""
        return _time_decoder.decode(stored.state).time

    def decoded(self, stored: Notification) -> Decoded:
        """The event as others see it, read once for all of them."""
        body = _decoder.decode(stored.state)
        kind = self.catalogue.of_name(stored.topic)
        data = self.catalogue.upcast(stored.topic, body.schema, body.data)
        personal = bool(personal_fields(kind.cls))
        stream = str(stored.originator_id)
        fact = Fact(
            id=event_id(stream, stored.originator_version, body.command_id),
            log=self.catalogue.service,
            position=stored.id,
            type=stored.topic,
            schema=kind.schema,
            subject=stream,
            version=stored.originator_version,
            community=community_of(stream),
            time=body.time,
            occurred_at=body.occurred_at or body.time,
            actor=body.actor,
            command_id=body.command_id,
            correlation_id=body.correlation_id,
            causation_id=body.causation_id,
            traceparent=body.traceparent,
            data=self._sealer.withhold(kind.cls, data) if personal else data,
        )
        return Decoded(fact, data if personal else None)

    def opened(self, decoded: Decoded) -> Fact:
        """The event for those entitled: personal fields as they were, where they still open.

        Secrets never leave: they are withheld all the same.
        """
        fact, sealed = decoded.fact, decoded.sealed
        if sealed is None:
            return fact
        cls = self.catalogue.of_name(fact.type).cls
        context = _context(fact.subject, fact.version, fact.type)
        data = self._sealer.open_data(cls, sealed, context=context)
        return msgspec.structs.replace(fact, data=self._sealer.withhold_secrets(cls, data))


def _meta(body: _Body) -> Meta:
    return Meta(
        actor=body.actor,
        time=body.time,
        occurred_at=body.occurred_at or body.time,
        command_id=body.command_id,
        command_digest=body.command_digest,
        correlation_id=body.correlation_id,
        causation_id=body.causation_id,
        traceparent=body.traceparent,
    )
