"""Fills the stores of a stack whose processes are stopped: ``python -m benchmarks.filling.filler``.

Events of `workorders`, the rows of its own view and of both views of `analytics`, its timers (long
fired) and snapshots, all made by the services' own code and written with COPY. Several of these
may run at once.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import psycopg

from benchmarks.filling import histories
from benchmarks.filling.histories import History, People
from benchmarks.programs import answer
from services.analytics.definition import SERVICE as ANALYTICS
from services.analytics.efficiency.views.milestones.projection import MILESTONES
from services.analytics.satisfaction.views.ratings.projection import RATINGS
from services.workorders.definition import SERVICE as WORKORDERS
from services.workorders.orders.application import ORDER
from services.workorders.orders.policies.when_accepter_does_not_answer_then_remind_them_and_have_the_work_checked import (  # noqa: E501
    POLICY,
)
from services.workorders.orders.views.order_board.projection import ORDER_BOARD
from shared.clock import SystemClock
from shared.eventlog.postgres import PostgresStore
from shared.eventlog.snapshots import EVERY, Snapshot, Snapshots, fingerprint
from shared.following import timers, viewing
from shared.following.handlers import SetTimer
from shared.following.reader import Reader
from shared.following.tables import ViewTable
from shared.following.view import View
from shared.hosting.definition import ServiceDefinition
from shared.hosting.parts import Parts
from shared.identity import keys
from shared.identity.keys import ServiceIdentity
from shared.observability.metrics import Metrics

CHUNK = 1_000
_EVENTS = "stored_events (originator_id, originator_version, topic, state)"
_TIMERS = "timers (handler, subject, rule, due, command, fired)"


def parts_of(definition: ServiceDefinition, store: Any, keys_dir: Path) -> Parts:
    """The parts of a service outside of any process of it; nothing is called, nothing hosted."""
    clock = SystemClock()
    identity = ServiceIdentity(definition.name, keys.load_private(keys_dir, definition.name), clock)
    return Parts(
        definition,
        store,
        clock=clock,
        master_key=keys.master_key(keys_dir, None),
        identity=identity,
        service_keys={},
        url="",
        metrics=Metrics(),
    )


class Filler:
    """``settings``: ``urls`` by service, ``owner_urls`` for COPY, ``keys_dir``, ``people``."""

    def __init__(self, settings: dict[str, Any]) -> None:
        keys_dir = Path(settings["keys_dir"])
        self._people = People(**settings["people"])
        self._parts = {
            one.name: parts_of(one, PostgresStore(one.name, settings["urls"][one.name]), keys_dir)
            for one in (WORKORDERS, ANALYTICS)
        }
        self._copies = {
            name: psycopg.connect(settings["owner_urls"][name], autocommit=True)
            for name in self._parts
        }
        self._log = self._parts["workorders"]

    def rated(self, first: int, count: int, of: int) -> None:
        now = datetime.now(UTC)
        orders = histories.rated(self._people, first, count, of, self._log.digest, now)
        for start in range(0, count, CHUNK):
            wanted = min(CHUNK, count - start)
            self._write([next(orders) for _ in range(wanted)])

    def long(self, length: int, count: int) -> list[str]:
        """Orders with so many events, with the snapshot that their service would have; ids."""
        now = datetime.now(UTC)
        found = [
            histories.long(self._people, length, seed, self._log.digest, now)
            for seed in range(count)
        ]
        self._write(found)
        snapshots = Snapshots(self._log.store, self._log.sealer)
        for order in found:
            upto = length - length % EVERY
            if not upto:
                continue
            state = ORDER.initial()
            for event, meta in order.events[:upto]:
                state = ORDER.evolve(state, event, meta)
            prints = {fingerprint(meta.command_id) for _, meta in order.events[:upto]}
            snapshots.save(
                order.stream, ORDER.name, ORDER.state_version, Snapshot(upto, state, prints)
            )
        return [order.stream for order in found]

    def _write(self, orders: Sequence[History]) -> None:
        mapper = self._log.mapper
        events = [
            (one.originator_id, one.originator_version, one.topic, one.state)
            for order in orders
            for one in order.stored(mapper)
        ]
        facts = [fact for order in orders for fact in order.facts()]
        set_timers = [
            effect
            for fact in facts
            if fact.type in POLICY.handles
            # it reads nothing
            for effect in POLICY.decide(fact, cast(Reader, None)).effects  # type: ignore[union-attr]
            if isinstance(effect, SetTimer)
        ]
        connection = self._copies["workorders"]
        with connection.transaction():
            _copy(connection, _EVENTS, events)
            _copy(connection, _TIMERS, map(_fired, set_timers))
            self._rows(connection, "workorders", ORDER_BOARD, facts)
        connection = self._copies["analytics"]
        with connection.transaction():
            for view in (RATINGS, MILESTONES):
                self._rows(connection, "analytics", view, facts)

    def _rows(
        self, connection: psycopg.Connection[Any], service: str, view: View, facts: Sequence[Any]
    ) -> None:
        table = self._parts[service].builds.live(view)
        assert isinstance(table, ViewTable), view.name
        rows = [
            table.to_columns(row)
            for row in viewing.fold(table, {}, facts).values()
            if row is not None
        ]
        if rows:
            target = f"{table.name} ({', '.join(rows[0])})"
            _copy(connection, target, (tuple(row.values()) for row in rows))


def _fired(timer: SetTimer) -> tuple[Any, ...]:
    """The row as the policy's own transaction would have written it, and its firing after it."""
    row = timers.row(POLICY.name, timers.checked(timer))
    return (*row.values(), True)


def _copy(connection: psycopg.Connection[Any], target: str, rows: Iterable[Sequence[Any]]) -> None:
    with connection.cursor().copy(f"COPY {target} FROM STDIN".encode()) as copy:
        for row in rows:
            copy.write_row(row)


def main() -> None:
    filler = Filler(json.loads(sys.argv[2]))
    answer(rated=filler.rated, long=filler.long)


if __name__ == "__main__":
    main()
