"""Spans of what is done for somebody: pages, RPC calls and answers, events told and followed.

A span's ``traceparent`` goes on with the call or into the event, so that what comes of it is its
child. Where no collector is named nothing is imported or kept: a span is then the ``traceparent``
it was given, and nothing else.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Any, Literal, Protocol

from shared.messaging.envelope import Fact

Kind = Literal["server", "client", "producer", "consumer"]
MOST_LINKS = 32


class Span(Protocol):
    @property
    def traceparent(self) -> str | None:
        """What to pass on."""
        ...

    def end(self, error: str | None = None, **attributes: Any) -> None:
        """``error``: an error's code, or whatever else went wrong. Only the first end counts."""
        ...


class _Off:
    __slots__ = ("traceparent",)

    def __init__(self, traceparent: str | None) -> None:
        self.traceparent = traceparent

    def end(self, error: str | None = None, **attributes: Any) -> None:
        pass


class Tracer(Protocol):
    def begin(
        self,
        service: str,
        name: str,
        kind: Kind,
        parent: str | None,
        attributes: Mapping[str, Any],
        links: Sequence[str] = (),
    ) -> Span: ...

    def close(self) -> None: ...


_tracer: Tracer | None = None


def start(endpoint: str | None) -> None:
    """Send spans to the OTLP collector at this URL; of nobody's, where it is None.

    Once a process: after eventlet's patch, and in a process of its own after the fork.
    """
    global _tracer
    if endpoint is not None and _tracer is None:
        from shared.observability.otlp import OtlpTracer

        _tracer = OtlpTracer(endpoint)


def stop(seconds: float) -> None:
    """Send what is left, and be back within so many seconds."""
    global _tracer
    tracer, _tracer = _tracer, None
    if tracer is not None:
        closing = threading.Thread(target=tracer.close, daemon=True)
        closing.start()
        closing.join(seconds)


def on() -> bool:
    return _tracer is not None


def begin(
    service: str, name: str, kind: Kind, parent: str | None, attributes: Mapping[str, Any]
) -> Span:
    """A span of ``service``, below ``parent``; where that is None, the first of a trace."""
    if _tracer is None:
        return _Off(parent)
    return _tracer.begin(service, name, kind, parent, attributes)


def below(
    service: str, name: str, kind: Kind, parent: str | None, attributes: Mapping[str, Any]
) -> Span:
    """As ``begin``; but nothing is the first of a trace."""
    if _tracer is None or parent is None:
        return _Off(parent)
    return _tracer.begin(service, name, kind, parent, attributes)


def following(service: str, handler: str, facts: Sequence[Fact]) -> Span:
    """A handler's work on events: below the first that was traced, with links to the others."""
    if _tracer is None:
        return _Off(facts[0].traceparent if facts else None)
    traced = [one for one in facts if one.traceparent is not None]
    if not traced:
        return _Off(None)
    first = traced[0]
    found = _of_event(first)
    if len(facts) > 1:
        found["messaging.batch.message_count"] = len(facts)
    links = [one.traceparent for one in traced[1 : MOST_LINKS + 1] if one.traceparent is not None]
    return _tracer.begin(service, handler, "consumer", first.traceparent, found, links)


def telling(facts: Sequence[Fact]) -> list[Span]:
    """A span for each event that is published and was traced."""
    if _tracer is None:
        return []
    return [
        _tracer.begin(one.log, f"tell {one.type}", "producer", one.traceparent, _of_event(one))
        for one in facts
        if one.traceparent is not None
    ]


def _of_event(fact: Fact) -> dict[str, Any]:
    return {
        "messaging.system": "rabbitmq",
        "messaging.destination.name": f"{fact.log}.events",
        "messaging.message.id": fact.id,
        "wuye.event.type": fact.type,
        "wuye.correlation_id": fact.correlation_id,
    }
