"""Structured logs: one JSON object a line, or coloured lines on a terminal; both to standard error.

Whatever is logged through the standard library (by nameko, kombu, pika, psycopg) comes out the same
way. Logs name people by their ids alone: no values of local variables in tracebacks, no request
bodies, and tokens, passwords and the like are masked wherever they turn up.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from contextlib import AbstractContextManager
from contextvars import ContextVar
from typing import Any, TextIO

import msgspec
import structlog
from structlog.typing import EventDict, Processor

from shared.observability.traceparent import parse

HIDDEN = "***"
_LONGEST_TEXT = 8_000
_DEEPEST = 6
_SECRET_NAMES = re.compile(r"(?i)passw|secret|token|authorization|cookie|master_?key|private_?key")
_SECRET_TEXTS = re.compile(
    r"(?P<url>://[^\s:/@]*:)[^\s/]*(?=@)"  # the password in a URL
    r"|\beyJ[\w-]+\.[\w-]+\.[\w-]*"  # a JWT
)
# Correlation id, traceparent, actor, service; from without inwards.
_Given = tuple[str | None, str | None, str | None, str | None]
_inside: ContextVar[tuple[_Given, ...]] = ContextVar("inside", default=())
# These say at INFO and DEBUG what passes through them: frames, and bodies with people's words.
# From which level on they are heard. pika tells of every failed attempt several times over, with
# tracebacks; we log the ones that matter.
_CHATTY = {
    "amqp": logging.WARNING,
    "kombu": logging.WARNING,
    "pika": logging.CRITICAL,
    "urllib3": logging.WARNING,
}


def setup(
    process: str,
    *,
    service: str | None = None,
    log_format: str = "auto",
    level: str = "info",
    stream: TextIO | None = None,
) -> None:
    """Send all logs of this process one way. Safe to call again.

    ``process``: serve, work, edge... ``log_format``: ``console``, ``json``, or ``auto``: console on
    a terminal. ``service``: where the process serves one alone (else ``bound`` says it).
    """
    out = stream or sys.stderr
    as_json = log_format == "json" or (log_format == "auto" and not out.isatty())
    names = {"process": process} | ({"service": service} if service else {})
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*_shared(names), structlog.stdlib.ExtraAdder()],
            processors=_last(as_json=as_json, colors=out.isatty()),
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name, heard_from in _CHATTY.items():
        logging.getLogger(name).setLevel(heard_from)
    logging.captureWarnings(True)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared(names),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def bound(
    *,
    correlation_id: str | None = None,
    traceparent: str | None = None,
    actor: str | None = None,
    service: str | None = None,
) -> AbstractContextManager[None]:
    """Say with every line logged inside, on this thread, for whom it was, and in which span."""
    return _Bound((correlation_id, traceparent, actor, service))


class _Bound:
    """Costs next to nothing where nothing is logged: it is put into words by the line."""

    __slots__ = ("_given", "_token")

    def __init__(self, given: _Given) -> None:
        self._given = given

    def __enter__(self) -> None:
        self._token = _inside.set((*_inside.get(), self._given))

    def __exit__(self, *_: object) -> None:
        _inside.reset(self._token)


def _for_whom(_logger: Any, _method: str, event: EventDict) -> EventDict:
    names: dict[str, str | None] = {}
    for correlation_id, traceparent, actor, service in _inside.get():
        span = None if traceparent is None else parse(traceparent)
        given = {
            "correlation_id": correlation_id,
            "trace_id": span.trace_id if span is not None else None,
            "span_id": span.span_id if span is not None else None,
            "actor": actor,
            "service": service,
        }
        names.update((name, value) for name, value in given.items() if value is not None)
    return {**names, **event}


def _shared(names: Mapping[str, str]) -> list[Processor]:
    def named(_logger: Any, _method: str, event: EventDict) -> EventDict:
        return {**names, **event}

    return [
        _for_whom,
        named,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]


def _last(*, as_json: bool, colors: bool) -> list[Processor]:
    render: Processor = (
        structlog.processors.JSONRenderer(serializer=_json)
        if as_json
        else structlog.dev.ConsoleRenderer(
            colors=colors, exception_formatter=structlog.dev.plain_traceback
        )
    )
    return [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        # The plain formatter: the structured one and rich's show the values of local variables.
        structlog.processors.format_exc_info,
        _without_secrets,
        render,
    ]


def _without_secrets(_logger: Any, _method: str, event: EventDict) -> EventDict:
    return {name: _clean(value, name, _DEEPEST) for name, value in event.items()}


def _clean(value: Any, name: str, depth: int) -> Any:
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if _SECRET_NAMES.search(name):
        return HIDDEN
    if isinstance(value, str):
        shown = value if len(value) <= _LONGEST_TEXT else f"{value[:_LONGEST_TEXT]}…"
        return _SECRET_TEXTS.sub(_masked, shown)
    if isinstance(value, Mapping) and depth:
        return {str(key): _clean(each, str(key), depth - 1) for key, each in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)) and depth:
        return [_clean(each, "", depth - 1) for each in value]
    return _clean(repr(value), name, 0)


def _masked(found: re.Match[str]) -> str:
    return (found["url"] or "") + HIDDEN


def _json(event: MutableMapping[str, Any], **_: Any) -> str:
    try:
        return msgspec.json.encode(event).decode()
    except ValueError:
        # Text with half a character in it (a lone surrogate) must not cost the line.
        return json.dumps(event)
