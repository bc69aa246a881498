"""Free loopback ports."""

from __future__ import annotations

import random
import socket
from pathlib import Path

_RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on.

    Below the kernel's ephemeral range: a client that retries a port of that range while its
    server is down may connect to itself and keep it (simultaneous open, RFC 9293 section 3.5).
    """
    low = int(_RANGE.read_text().split()[0]) if _RANGE.exists() else 32768
    choice = random.SystemRandom()
    while True:
        port = choice.randrange(max(10000, low - 20000), low)
        if is_free(port):
            return port


def is_free(port: int) -> bool:
    """Whether a server could listen on this port of 127.0.0.1 now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
