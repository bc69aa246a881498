"""Fewer system calls on a connection to RabbitMQ than amqp makes by itself.

It reads a message in nine pieces, and writes each by itself. A group of saves answers many calls at
once: each answer, and each word that a message is done with, would be a wake-up of the broker too.
"""

from __future__ import annotations

import socket
import sys
from contextlib import suppress
from typing import Any

import kombu
from amqp.transport import TCPTransport

# a message is some 1.5 kB
READ_BYTES = 16 * 1024
# seconds that the broker may take nothing before the connection counts as broken
WRITE_SECONDS = 5.0


def tune(connection: kombu.Connection) -> None:
    """From now on, for an open connection; one in process stays as it is."""
    transport = getattr(connection.connection, "transport", None)
    if transport is not None:
        read_ahead(transport)
        if _green() and isinstance(transport, TCPTransport):
            write_together(transport)


def read_ahead(transport: Any) -> None:
    """Take in at once what has come; it keeps in amqp's own buffer until it is asked for."""
    receive = transport._quick_recv
    transport._quick_recv = lambda wanted: receive(max(wanted, READ_BYTES))


def write_together(transport: TCPTransport) -> None:
    """What is written in the same turn of the hub goes out in one write at its end."""
    transport._write = _Together(transport.sock).write


def _green() -> bool:
    patcher = sys.modules.get("eventlet.patcher")
    return patcher is not None and patcher.is_monkey_patched("socket")


class _Together:
    """A fault is told to whoever writes next, and ends the connection for whoever reads."""

    def __init__(self, sock: Any) -> None:
        import eventlet
        from eventlet.hubs import get_hub

        self._eventlet, self._hub = eventlet, get_hub()
        self._sock = sock
        self._parts: list[bytes] = []
        self._due = False
        self._fault: OSError | None = None

    def write(self, part: Any) -> None:
        if self._fault is not None:
            raise OSError("the connection to the broker was lost") from self._fault
        # a copy: amqp uses its buffer again for the next one
        self._parts.append(bytes(part))
        if not self._due:
            self._due = True
            self._hub.schedule_call_global(0, self._send)

    def _send(self) -> None:
        """Called by the hub itself, so it may not wait."""
        data = self._taken()
        try:
            sent = self._sock.fd.send(data)
        except BlockingIOError:
            sent = 0
        except OSError as error:
            self._lost(error)
            return
        if sent < len(data):
            self._parts.insert(0, data[sent:])
            self._eventlet.spawn_n(self._send_rest)
        else:
            self._due = False

    def _send_rest(self) -> None:
        try:
            while self._parts:
                with self._eventlet.Timeout(
                    WRITE_SECONDS, TimeoutError("the broker takes nothing")
                ):
                    self._sock.sendall(self._taken())
            self._due = False
        except OSError as error:
            self._lost(error)

    def _taken(self) -> bytes:
        parts, self._parts = self._parts, []
        return b"".join(parts)

    def _lost(self, error: OSError) -> None:
        self._fault = error
        with suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)
