"""One derived, deletable state a stream: an order with 10,000 events loads like one with ten."""

from __future__ import annotations

import hashlib
import logging
from array import array
from typing import Any

import msgspec

from shared.eventlog.store import Store
from shared.privacy.keyring import BrokenSeal
from shared.privacy.seal import Sealer

logger = logging.getLogger(__name__)

EVERY = 256


def fingerprint(command_id: str) -> int:
    """64 bits of a command id. A miss is certain; a hit is confirmed by reading the stream."""
    return int.from_bytes(hashlib.blake2b(command_id.encode(), digest_size=8).digest(), "big")


class Snapshot(msgspec.Struct, frozen=True):
    version: int
    state: Any
    commands: set[int]


class Snapshots:
    def __init__(self, store: Store, sealer: Sealer) -> None:
        self._store = store
        self._sealer = sealer

    def load(
        self, stream: str, decider: str, state_version: str, state_type: type
    ) -> Snapshot | None:
        """The snapshot of this version of the state, if there is one that can be read."""
        with self._store.reading() as tx:
            rows = tx.query(
                "SELECT version, state, commands FROM snapshots WHERE stream = :stream "
                "AND decider = :decider AND state_version = :state_version",
                {"stream": stream, "decider": decider, "state_version": state_version},
            )
        if not rows:
            return None
        prints = array("Q")
        try:
            data = self._sealer.open_data(
                state_type,
                msgspec.json.decode(bytes(rows[0]["state"])),
                context=f"{stream}:{decider}",
            )
            prints.frombytes(bytes(rows[0]["commands"]))
            return Snapshot(rows[0]["version"], msgspec.convert(data, state_type), set(prints))
        except (BrokenSeal, ValueError) as error:
            logger.warning("a snapshot of %s is unreadable, and not used: %s", stream, error)
            return None

    def save(self, stream: str, decider: str, state_version: str, snapshot: Snapshot) -> None:
        data = self._sealer.seal_data(
            type(snapshot.state),
            msgspec.to_builtins(snapshot.state),
            actor="",
            context=f"{stream}:{decider}",
        )
        with self._store.transaction() as tx:
            tx.execute(
                "INSERT INTO snapshots (stream, decider, state_version, version, state, commands) "
                "VALUES (:stream, :decider, :state_version, :version, :state, :commands) "
                "ON CONFLICT (stream, decider) DO UPDATE SET "
                "state_version = excluded.state_version, version = excluded.version, "
                "state = excluded.state, commands = excluded.commands",
                {
                    "stream": stream,
                    "decider": decider,
                    "state_version": state_version,
                    "version": snapshot.version,
                    "state": msgspec.json.encode(data),
                    "commands": array("Q", sorted(snapshot.commands)).tobytes(),
                },
            )
