"""What each user of the broker may do, and no more: one user a service, one for the edge, one for
operators.

RabbitMQ asks three regular expressions about names of exchanges and queues (configure, write,
read), and on the RPC exchange two about routing keys: which methods a user may call, and which it
may answer for. Without the latter anybody could call any method, or take another's calls.

Source: RabbitMQ, "Access Control", operations and topic authorisation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from shared.messaging import topology

_KEY = "[0-9a-f]{32}"
# A stock nameko client asks to be answered at a UUID with dashes.
_REPLY = "[0-9a-f-]{32,36}"
_METHOD = "[a-z_]+"
# A service's own methods, its log and its operations.
_PARTS = r"(\.log|\.ops)?"
_RPC = topology.RPC.name


@dataclass(frozen=True)
class Rights:
    """``call`` and ``answer``: routing keys it may publish with, and bind queues to, on the RPC
    exchange.
    """

    configure: str
    write: str
    read: str
    call: str
    answer: str


def of_service(name: str, follows: Iterable[str]) -> Rights:
    """``follows``: the other services whose logs it reads. Its own methods it calls when a timer
    is due.

    Who binds a queue to an exchange declares the exchange first, so that the order of start does
    not matter; that is why it may configure those it follows.
    """
    others = "|".join(sorted(set(follows) - {name}))
    own = [f"rpc-{name}{_PARTS}", f"rpc\\.reply-{name}-{_KEY}"]
    keys = [f"{name}{_PARTS}\\.\\*", _KEY]
    calls = [f"{name}\\.{_METHOD}", _REPLY]
    followed = []
    if others:
        own.append(f"hint-({others})-{_KEY}")
        calls.insert(0, f"({others})\\.log\\.read")
        followed.append(f"({others})\\.events")
    events = f"{name}\\.events"
    return Rights(
        configure=_any([_RPC, events, *followed, *own]),
        write=_any([_RPC, events, *own]),
        read=_any([_RPC, *followed, *own]),
        call=_any(calls),
        answer=_any(keys),
    )


def of_edge(name: str, services: Iterable[str]) -> Rights:
    """Any method of these services, but neither their logs nor what operators do."""
    return _of_caller(name, f"({'|'.join(sorted(services))})\\.{_METHOD}")


def of_operator(name: str, services: Iterable[str]) -> Rights:
    """Any method of these services, their logs and operations."""
    return _of_caller(name, f"({'|'.join(sorted(services))}){_PARTS}\\.{_METHOD}")


def definitions(
    vhost: str, passwords: Mapping[str, str], rights: Mapping[str, Rights]
) -> dict[str, Any]:
    """Users with these passwords and rights, in RabbitMQ's definitions format."""
    return {
        "users": [
            {"name": user, "password": password, "tags": ""} for user, password in passwords.items()
        ],
        "permissions": [
            {
                "user": user,
                "vhost": vhost,
                "configure": one.configure,
                "write": one.write,
                "read": one.read,
            }
            for user, one in rights.items()
        ],
        "topic_permissions": [
            {
                "user": user,
                "vhost": vhost,
                "exchange": topology.RPC.name,
                "write": one.call,
                "read": one.answer,
            }
            for user, one in rights.items()
        ],
    }


def _of_caller(name: str, methods: str) -> Rights:
    both = _any([_RPC, f"rpc\\.reply-{name}-{_KEY}"])
    return Rights(configure=both, write=both, read=both, call=_any([methods]), answer=_any([_KEY]))


def _any(patterns: list[str]) -> str:
    return f"^({'|'.join(patterns)})$"
