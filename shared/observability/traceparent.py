"""Trace context between processes: W3C Trace Context, section 3.2, the ``traceparent`` header."""

from __future__ import annotations

import re
import secrets
from typing import NamedTuple

_HEADER = re.compile(
    r"(?P<version>[0-9a-f]{2})-(?P<trace_id>[0-9a-f]{32})-(?P<span_id>[0-9a-f]{16})"
    r"-(?P<flags>[0-9a-f]{2})(?P<later>-.*)?",
    re.DOTALL,
)
_SAMPLED, _RANDOM = 0x01, 0x02


class TraceParent(NamedTuple):
    """Ids in lower-case hexadecimal, ``flags`` as a number."""

    trace_id: str
    span_id: str
    flags: int

    def __str__(self) -> str:
        return f"00-{self.trace_id}-{self.span_id}-{self.flags:02x}"


def parse(text: str) -> TraceParent | None:
    """What a header says; ``None`` where it breaks the standard. Later versions read as ours."""
    found = _HEADER.fullmatch(text)
    if found is None or found["version"] == "ff":
        return None
    if found["version"] == "00" and found["later"] is not None:
        return None
    if not found["trace_id"].strip("0") or not found["span_id"].strip("0"):
        return None
    return TraceParent(found["trace_id"], found["span_id"], int(found["flags"], 16))


def valid(text: str) -> bool:
    """Whether a header may be kept as it is: by the standard, in the version known here."""
    return text.startswith("00-") and parse(text) is not None


def child(text: str | None) -> str:
    """The header for work that ``text`` caused: its trace (``None``: a new one), a new span."""
    parent = None if text is None else parse(text)
    if parent is None:
        return str(TraceParent(_random_id(16), _random_id(8), _SAMPLED | _RANDOM))
    return str(TraceParent(parent.trace_id, _random_id(8), parent.flags & (_SAMPLED | _RANDOM)))


def _random_id(count: int) -> str:
    """All zeros are no valid id."""
    found = secrets.token_hex(count)
    return found if found.strip("0") else _random_id(count)
