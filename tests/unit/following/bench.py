"""A service of jars that follows its own log and a given one, stepped by the test."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.clock import ManualClock
from shared.eventlog.store import Store, Tx
from shared.following import parked, positions
from shared.following.follower import Follower
from shared.following.following import Following
from shared.following.handlers import Do, Done, Handler, Park, Policy, Retry
from shared.following.positions import Place
from shared.following.reader import Reader
from shared.following.source import PAGE, LocalSource, LogSource, Page
from shared.following.view import View
from shared.hosting.definition import ServiceDefinition
from shared.hosting.operating import Operating
from shared.hosting.parts import Parts
from shared.hosting.work import Work
from shared.identity.keys import ServiceIdentity
from shared.messaging.envelope import Fact
from shared.observability.metrics import Metrics
from tests.support import toy
from tests.support.service_bench import GivenLog
from tests.support.stores import Spy
from tests.support.toy_service import JARS, Row, ToyService

TILL = "till"
GIVING = "when_paid_then_add"


def paid(position: int, subject: str = "c1.a", amount: int = 1, **more: Any) -> Fact:
    """An event of the till: so many coins for that jar."""
    return Fact(
        **{
            "id": f"till-{position}",
            "log": TILL,
            "position": position,
            "type": "Paid",
            "schema": 1,
            "subject": subject,
            "version": position,
            "community": "c1",
            "time": toy.START,
            "occurred_at": toy.START,
            "actor": "c1.alice",
            "command_id": f"command-{position}",
            "correlation_id": f"command-{position}",
            "data": {"amount": amount},
            **more,
        }
    )


class Till(GivenLog):
    """The till's log. ``most``: no page is longer; ``failing``: what asking ends with."""

    def __init__(self, *facts: Fact) -> None:
        super().__init__(TILL)
        self.facts.extend(facts)
        self.log_id = "given"
        self.most = PAGE
        self.failing: list[Exception] = []
        self.reads: list[tuple[int, int]] = []

    def read(self, after: int, limit: int = PAGE, *, text: bool = True) -> Page:
        self.reads.append((after, limit))
        if self.failing:
            raise self.failing.pop(0)
        page = super().read(after, min(limit, self.most), text=text)
        return msgspec.structs.replace(page, log_id=self.log_id)


def fold(row: Row | None, fact: Fact) -> Row | None:
    """The jar as paid for. One that is emptied (0 coins) has no row any more."""
    if fact.data["amount"] == 0:
        return None
    before = row or Row(key=fact.subject, coins=0, moves=0)
    # Other orders give other rows.
    return Row(
        key=fact.subject,
        coins=(before.coins * 3 + fact.data["amount"]) % 1_000_003,
        moves=before.moves + 1,
    )


def subject_of(fact: Fact) -> str | None:
    return fact.subject


def view(name: str = "paid", evolve: Callable[[Any, Fact], Any] = fold, **more: Any) -> View:
    return View(
        **{
            "name": name,
            "build": 1,
            "follows": TILL,
            "handles": {"Paid": 1},
            "row": Row,
            "key": subject_of,
            "evolve": evolve,
            **more,
        }
    )


Answer = Done | Retry | Park


def add(fact: Fact, reader: Reader | None = None) -> Answer:
    """Put what was paid into the jar."""
    command = toy.Add(amount=fact.data["amount"])
    return Done(Do(toy.JAR, fact.subject, command, f"add:{fact.id}"))


def policy(
    decide: Callable[[Fact, Reader], Answer] = add, name: str = GIVING, **more: Any
) -> Policy:
    return Policy(
        **{"name": name, "follows": TILL, "handles": {"Paid": 1}, "decide": decide, **more}
    )


class _Noted:
    """A transaction whose statements are written down."""

    def __init__(self, tx: Tx, statements: list[str]) -> None:
        self._tx = tx
        self._statements = statements

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tx, name)

    def execute(self, sql: str, params: Any = None) -> int:
        self._statements.append(sql)
        return self._tx.execute(sql, params)

    def many(self, sql: str, rows: Any) -> None:
        self._statements.append(sql)
        self._tx.many(sql, rows)

    def query(self, sql: str, params: Any = None) -> list[dict[str, Any]]:
        self._statements.append(sql)
        return self._tx.query(sql, params)


class Watched(Spy):
    """A store that writes down the statements it is asked for."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.statements: list[str] = []

    @contextmanager
    def transaction(self) -> Iterator[Tx]:
        with super().transaction() as tx:
            yield _Noted(tx, self.statements)

    @contextmanager
    def reading(self) -> Iterator[Tx]:
        with self._store.reading() as tx:
            yield _Noted(tx, self.statements)

    def before_next(self, do: Callable[[], object]) -> None:
        """Once, as the next transaction is about to begin."""

        @contextmanager
        def around() -> Iterator[None]:
            self.around = None
            do()
            yield

        self.around = around

    def at_transaction(self, number: int, come: Callable[[], AbstractContextManager[Any]]) -> None:
        """At the ``number``-th transaction from now on, and no other."""
        count = itertools.count(1)

        @contextmanager
        def around() -> Iterator[None]:
            if next(count) != number:
                yield
                return
            with come():
                yield

        self.around = around


class Bench:
    """One process of the service. A new follower is what a new leader begins with."""

    def __init__(self, store: Store, *handlers: Handler) -> None:
        self.spy = Watched(store)
        self.clock = ManualClock(toy.START)
        definition = ServiceDefinition(
            name="toys",
            catalogue=toy.CATALOGUE,
            rpc=ToyService,
            applications=lambda parts: {},
            views=[one for one in handlers if isinstance(one, View)] or [JARS],
            policies=[one for one in handlers if isinstance(one, Policy)],
        )
        self.parts = Parts(
            definition,
            self.spy,
            clock=self.clock,
            master_key=b"m" * 32,
            identity=ServiceIdentity("toys", Ed25519PrivateKey.generate(), self.clock),
            service_keys={},
            url="",
            metrics=Metrics(),
        )
        self.log, self.reader, self.builds = self.parts.log, self.parts.reader, self.parts.builds
        self.own = LocalSource(self.log)
        self._work = Work(self.parts, lambda: None)

    def follower(self, source: LogSource, *handlers: Handler) -> Follower:
        work = self._work
        return Follower(
            source, handlers, self.spy, self.builds, work._runner_of, on_hold=work._on_hold
        )

    def operating(self, *sources: LogSource, stop: threading.Event | None = None) -> Operating:
        """The leader's part in what operators ask for; the policies are those followed here."""
        named = {source.log: source for source in sources}
        return Operating(self.parts, named, self._work._runners, stop or threading.Event())

    # -- what is in the jars ---------------------------------------------------------------------

    def add(self, jar: str, *amounts: int) -> int:
        """The position of the last."""
        position = 0
        for amount in amounts:
            answer = self.log.execute(toy.JAR, jar, toy.Add(amount=amount), toy.context())
            position = answer.position
        return position

    def coins(self, jar: str = "c1.a") -> int:
        found: int = self.log.load(toy.JAR, jar)[0].coins
        return found

    def added(self) -> list[tuple[str, int]]:
        """What the log holds: jar and coins of every event."""
        return [(fact.subject, fact.data["amount"]) for fact in self.log.read(0, 1000)]

    # -- what was followed -------------------------------------------------------------------------

    def rows(self, view: View) -> dict[str, Row]:
        return {row.key: row for row in self.reader.rows(view)}

    def place(self, handler: str, log: str = TILL, build: int = 1) -> Place:
        with self.spy.reading() as tx:
            found = positions.read(tx, handler, build, log)
        assert found is not None
        return found

    def parked(self) -> list[tuple[str, int, str]]:
        return [(one.subject, one.position, one.reason) for one in parked.listed(self.spy)]

    def figure(self, name: str, **labels: str) -> float:
        found = self.parts.metrics.registry.get_sample_value(name, {"service": "toys", **labels})
        return found or 0.0

    def close(self) -> None:
        self.parts.close()


def settle(*followers: Follower) -> None:
    while any([one.step() for one in followers]):
        pass


def let_go(follower: Follower) -> None:
    """Whoever holds tries again now."""
    for one in follower.following:
        one.hold_until = 0.0
    settle(follower)


def only(follower: Follower) -> Following:
    (one,) = follower.following
    return one
