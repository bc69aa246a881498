"""Handing a push over to a push service (RFC 8030)."""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

SECONDS = 5.0
_LONGEST_ANSWER = 4096


class Said(NamedTuple):
    """``status`` None: there was no answer. ``wait``: seconds it asks to be left alone for."""

    status: int | None
    wait: float = 0.0

    @property
    def taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def gone(self) -> bool:
        """There is no such subscription any more."""
        return self.status in (404, 410)

    @property
    def later(self) -> bool:
        """Whether it may fare better after a while."""
        return self.status is None or self.status == 429 or self.status >= 500


def post(endpoint: str, headers: Mapping[str, str], body: bytes) -> Said:
    """Follows no redirect: it would lead to where nobody checked."""
    split = urlsplit(endpoint)
    connection: http.client.HTTPConnection
    if split.scheme == "https":
        context = ssl.create_default_context()
        connection = http.client.HTTPSConnection(split.netloc, timeout=SECONDS, context=context)
    else:
        connection = http.client.HTTPConnection(split.netloc, timeout=SECONDS)
    path = split.path + (f"?{split.query}" if split.query else "")
    try:
        connection.request("POST", path or "/", body=body, headers=dict(headers))
        answer = connection.getresponse()
        answer.read(_LONGEST_ANSWER)
        return Said(answer.status, _wait(answer.getheader("Retry-After")))
    except (OSError, http.client.HTTPException):
        return Said(None)
    finally:
        connection.close()


def _wait(text: str | None) -> float:
    return float(text) if text is not None and text.isascii() and text.isdigit() else 0.0
