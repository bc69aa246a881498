"""A small stream type for testing the log without any service: a jar of coins."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import uuid4

import msgspec

from shared.clock import ManualClock
from shared.errors import Refused
from shared.eventlog.catalogue import Catalogue
from shared.eventlog.decider import Context, Decider
from shared.eventlog.executor import EventLog
from shared.eventlog.groupcommit import GroupCommit
from shared.eventlog.keys import TableKeyStore
from shared.eventlog.mapper import Mapper
from shared.eventlog.records import Meta
from shared.eventlog.snapshots import Snapshots
from shared.eventlog.store import Store
from shared.privacy.keyring import Keyring
from shared.privacy.personal import Personal
from shared.privacy.seal import Sealer

START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


class CoinsAdded(msgspec.Struct, frozen=True, kw_only=True):
    amount: int
    note: Annotated[str | None, Personal("@actor")] = None


class CoinsTaken(msgspec.Struct, frozen=True, kw_only=True):
    amount: int


class Add(msgspec.Struct, frozen=True, kw_only=True):
    amount: int
    times: int = 1
    note: str | None = None


class Take(msgspec.Struct, frozen=True, kw_only=True):
    amount: int


class Jar(msgspec.Struct, frozen=True, kw_only=True):
    coins: int = 0


class NotEnough(Refused):
    pass


EVENTS: dict[str, tuple[int, type]] = {"CoinsAdded": (1, CoinsAdded), "CoinsTaken": (1, CoinsTaken)}


def decide(command: Any, jar: Jar, meta: Meta) -> list[Any]:
    match command:
        case Add(amount=0):
            return []
        case Add(amount=amount, times=times, note=note):
            return [CoinsAdded(amount=amount, note=note) for _ in range(times)]
        case Take(amount=amount) if amount > jar.coins:
            raise NotEnough(f"only {jar.coins} there", allowed=["add"])
        case Take(amount=amount):
            return [CoinsTaken(amount=amount)]
    raise AssertionError(command)


def evolve(jar: Jar, event: Any, meta: Meta) -> Jar:
    match event:
        case CoinsAdded(amount=amount):
            return Jar(coins=jar.coins + amount)
        case CoinsTaken(amount=amount):
            return Jar(coins=jar.coins - amount)
    raise AssertionError(event)


JAR = Decider("jar", Jar, decide, evolve)
CATALOGUE = Catalogue("toys", (EVENTS, {}))


def stream() -> str:
    return f"c1.{uuid4()}"


def context(actor: str = "c1.alice", command_id: str | None = None, digest: str = "d") -> Context:
    command_id = command_id or str(uuid4())
    return Context(
        actor=actor, command_id=command_id, command_digest=digest, correlation_id=command_id
    )


class Bench:
    """An event log on a store, with everything it needs."""

    def __init__(self, store: Store, catalogue: Catalogue = CATALOGUE, **commit: Any) -> None:
        self.store = store
        self.clock = ManualClock(START)
        self.keyring = Keyring(TableKeyStore(store), b"m" * 32)
        self.sealer = Sealer(self.keyring)
        self.mapper = Mapper(catalogue, self.sealer)
        self.commits = GroupCommit(store, **commit)
        self.log = self.another()

    def another(self) -> EventLog:
        """A second process's view of the same store: its own cache and commits."""
        return EventLog(
            self.store,
            self.mapper,
            Snapshots(self.store, self.sealer),
            self.clock,
            self.commits,
        )

    def close(self) -> None:
        self.commits.close()
        self.store.close()
