"""Where a push may go: to the push services of browsers, and nowhere else. Pure.

A subscription's address comes from whoever subscribes; pushed to unseen, it would make this service
call any address of the network that it stands in.
"""

from __future__ import annotations

import ipaddress
from base64 import urlsafe_b64decode
from collections.abc import Sequence
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

KEY_BYTES, AUTH_BYTES = 65, 16


def allowed(endpoint: str, hosts: Sequence[str]) -> bool:
    """Whether it is at one of these hosts (``*.example.org``: any below), by HTTPS; on loopback
    HTTP will do.
    """
    try:
        split = urlsplit(endpoint)
        host, _port = split.hostname or "", split.port
    except ValueError:
        return False
    secure = split.scheme == "https" or (split.scheme == "http" and _on_loopback(host))
    plain = split.username is None and split.password is None and not split.fragment
    return secure and plain and any(fnmatchcase(host, one) for one in hosts)


def decoded(text: str, size: int) -> bytes | None:
    """So many bytes in base64url (RFC 4648), with or without its padding; None where it is not."""
    try:
        found = urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))
    except ValueError:
        return None
    return found if len(found) == size else None


def _on_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
