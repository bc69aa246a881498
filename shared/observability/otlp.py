"""Spans by OpenTelemetry's SDK, sent by OTLP over HTTP: imported where a collector is named."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping, Sequence
from importlib import metadata
from typing import Any

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ALWAYS_ON, ParentBased
from opentelemetry.trace import (
    Link,
    NonRecordingSpan,
    SpanContext,
    SpanKind,
    StatusCode,
    TraceFlags,
)

from shared.observability.traceparent import TraceParent, parse
from shared.observability.tracing import Kind, Span

EXPORT_SECONDS = 2
GATHER_SECONDS = 1.0
MOST_WAITING = 8192
_KINDS = {
    "server": SpanKind.SERVER,
    "client": SpanKind.CLIENT,
    "producer": SpanKind.PRODUCER,
    "consumer": SpanKind.CONSUMER,
}
# What a caller did wrong is no fault of who answers.
_FAULTS = frozenset({"fault", "unavailable", "timed_out", "busy"})


class OtlpTracer:
    """For all services of a process: each is a resource of its own, and all leave one way."""

    def __init__(self, endpoint: str) -> None:
        exporter = OTLPSpanExporter(
            endpoint=f"{endpoint.rstrip('/')}/v1/traces", timeout=EXPORT_SECONDS
        )
        self._processor = BatchSpanProcessor(
            exporter, max_queue_size=MOST_WAITING, schedule_delay_millis=GATHER_SECONDS * 1000
        )
        self._tracers: dict[str, trace.Tracer] = {}

    def begin(
        self,
        service: str,
        name: str,
        kind: Kind,
        parent: str | None,
        attributes: Mapping[str, Any],
        links: Sequence[str] = (),
    ) -> Span:
        above = None if parent is None else _context(parent)
        context = Context() if above is None else trace.set_span_in_context(above, Context())
        linked = [Link(one.get_span_context()) for one in map(_context, links) if one is not None]
        span = self._tracer(service).start_span(
            name, context, _KINDS[kind], attributes=dict(attributes), links=linked
        )
        return _OtlpSpan(span)

    def close(self) -> None:
        self._processor.shutdown()  # type: ignore[no-untyped-call]

    def _tracer(self, service: str) -> trace.Tracer:
        found = self._tracers.get(service)
        if found is None:
            provider = TracerProvider(
                sampler=ParentBased(ALWAYS_ON),
                resource=Resource.create(_resource(service)),
                shutdown_on_exit=False,
            )
            provider.add_span_processor(self._processor)
            found = self._tracers[service] = provider.get_tracer("wuye")
        return found


class _OtlpSpan:
    def __init__(self, span: trace.Span) -> None:
        self._span = span
        context = span.get_span_context()
        self.traceparent: str | None = str(
            TraceParent(
                trace.format_trace_id(context.trace_id),
                trace.format_span_id(context.span_id),
                int(context.trace_flags),
            )
        )

    def end(self, error: str | None = None, **attributes: Any) -> None:
        if not self._span.is_recording():
            return
        for name, value in attributes.items():
            self._span.set_attribute(name, value)
        if error is not None:
            self._span.set_attribute("error.type", error)
            if error in _FAULTS:
                self._span.set_status(StatusCode.ERROR)
        self._span.end()


def _context(traceparent: str) -> NonRecordingSpan | None:
    found = parse(traceparent)
    if found is None:
        return None
    return NonRecordingSpan(
        SpanContext(
            int(found.trace_id, 16),
            int(found.span_id, 16),
            is_remote=True,
            trace_flags=TraceFlags(found.flags & TraceFlags.SAMPLED),
        )
    )


def _resource(service: str) -> dict[str, str]:
    return {
        "service.namespace": "wuye",
        "service.name": service,
        "service.version": metadata.version("wuye"),
        "service.instance.id": f"{socket.gethostname()}:{os.getpid()}",
    }
