"""What is read ahead and written together: nothing of it is lost, or out of its order."""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable, Iterator
from typing import Any

import eventlet
import pytest
from amqp.transport import TCPTransport
from eventlet.green import socket as green

from shared.messaging import transport
from shared.messaging.transport import read_ahead, write_together


@pytest.fixture
def pair() -> Iterator[tuple[Callable[[bytes], None], Any]]:
    """How amqp writes, and the other end."""
    ours, theirs = green.socketpair()
    amqp = TCPTransport("localhost:1")
    amqp.sock = ours
    amqp._setup_transport()
    write_together(amqp)
    with ours, theirs:
        yield amqp.write, theirs


def test_what_is_sent_in_one_turn_comes_at_once(pair: tuple[Any, Any]) -> None:
    write, theirs = pair
    buffer = bytearray(b"one")
    write(memoryview(buffer))
    buffer[:] = b"two"
    write(memoryview(buffer))
    theirs.settimeout(1)
    assert theirs.recv(100) == b"onetwo"
    write(b"three")
    assert theirs.recv(100) == b"three"


def test_more_than_the_other_end_takes_comes_in_its_order(pair: tuple[Any, Any]) -> None:
    write, theirs = pair
    parts = [bytes([number]) * 100_000 for number in range(30)]
    for part in parts[:20]:
        write(part)
    eventlet.sleep(0.01)
    for part in parts[20:]:
        write(part)
    wanted = b"".join(parts)
    theirs.settimeout(5)
    found = b""
    while len(found) < len(wanted):
        found += theirs.recv(1_000_000)
    assert found == wanted


def test_a_broken_connection_is_told_to_the_next_who_writes(pair: tuple[Any, Any]) -> None:
    write, theirs = pair
    theirs.close()
    write(b"lost")
    eventlet.sleep(0.01)
    with pytest.raises(OSError, match="lost"):
        write(b"late")


def test_a_broker_that_takes_nothing_breaks_the_connection(
    pair: tuple[Any, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    write, theirs = pair
    monkeypatch.setattr(transport, "WRITE_SECONDS", 0.05)
    write(b"x" * 10_000_000)
    eventlet.sleep(0.2)
    with pytest.raises(OSError, match="lost"):
        write(b"late")
    assert theirs.recv(1)


def frame(payload: bytes) -> bytes:
    return struct.pack(">BHI", 3, 1, len(payload)) + payload + b"\xce"


def test_what_has_come_is_read_at_once_and_handed_out_frame_by_frame() -> None:
    ours, theirs = socket.socketpair()
    amqp = TCPTransport("localhost:1")
    amqp.sock = ours
    amqp._setup_transport()
    read_ahead(amqp)
    bodies = [b"one", b"two", b"x" * 40_000]
    with ours, theirs:
        theirs.sendall(b"".join(map(frame, bodies[:2])))
        assert amqp.read_frame() == (3, 1, b"one")
        with pytest.raises(BlockingIOError):
            ours.recv(1, socket.MSG_DONTWAIT)
        theirs.sendall(frame(bodies[2]))
        assert [amqp.read_frame()[2] for _ in bodies[1:]] == bodies[1:]
