"""A whole service's parts in memory, and calls as its gate gets them, without any broker."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.clock import ManualClock
from shared.eventlog.migrate import migrate_sqlite
from shared.eventlog.sqlite import SqliteStore
from shared.hosting.gate import Call
from shared.hosting.parts import Parts
from shared.identity.caller import Post
from shared.identity.keys import ServiceIdentity
from shared.observability.metrics import Metrics
from tests.support.toy import START
from tests.support.toy_service import SERVICE

_KEYS = {name: Ed25519PrivateKey.generate() for name in ("toys", "ann", "bob")}


@contextmanager
def parts() -> Iterator[Parts]:
    clock = ManualClock(START)
    store = SqliteStore("toys", None)
    migrate_sqlite(store.location)
    found = Parts(
        SERVICE,
        store,
        clock=clock,
        master_key=b"m" * 32,
        identity=ServiceIdentity("toys", _KEYS["toys"], clock),
        service_keys={name: key.public_key() for name, key in _KEYS.items()},
        url="",
        metrics=Metrics(),
    )
    yield found
    found.close()


def token(name: str = "ann", *posts: Post) -> str:
    """Of somebody with these posts; who says what is a service's key, which needs no log-in."""
    identity = ServiceIdentity(name, _KEYS[name], ManualClock(START), posts)
    return identity.token()


def behind(service: type, parts: Parts, **context: Any) -> Any:
    """The service as a worker of one call has it, with this context."""
    found = service()
    found.gate = Call(parts, context)
    return found
