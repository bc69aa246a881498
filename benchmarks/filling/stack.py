"""Filling the stores of a stack of ours, and bringing their positions along."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.filling.filler import parts_of
from benchmarks.filling.histories import COMMUNITY, NEWEST, OLDEST, People
from benchmarks.ours import Ours
from benchmarks.programs import Program
from cli import community
from services.workorders.definition import SERVICE as WORKORDERS
from shared.eventlog.postgres import PostgresStore

FILLERS = 2
LIMIT_SECONDS = 3600.0
_FOLLOWING = """
    UPDATE positions SET position = %(head)s, log_id = %(log_id)s,
        last_id = CASE WHEN handler = 'relay' THEN NULL ELSE %(last_id)s END
    WHERE log = 'workorders'
"""


def fill(
    ours: Ours, orders: int, lengths: tuple[int, ...], a_length: int, tell: Callable[[str], None]
) -> dict[int, list[str]]:
    """Give a stack so many orders, rated long ago, and some long ones; their ids by length.

    Its processes stop meanwhile. Afterwards every handler stands at the end of the log, as if it
    had followed all the while, and the tables are vacuumed, as in years they would have been.
    """
    long: dict[int, list[str]] = {}

    def between() -> None:
        with _fillers(ours) as fillers:
            _side_by_side(fillers, orders)
            for length in lengths:
                long[length] = fillers[0].ask("long", length=length, count=a_length, limit=900.0)
        _bring_along(ours, orders)
        tell(f"{orders} orders are in the store")

    ours.restart(between)
    return long


def people_of(ours: Ours) -> People:
    found, units = ours.registered.people, ours.registered.units
    residents = [
        [found[one.login], units[one.unit], ours.registered.buildings[one.unit[0]]]
        for one in community.RESIDENTS
        if one.unit is not None
    ]
    technicians = [found[one.login] for one in community.STAFF if one.role == "technician"]
    return People(residents, technicians, found["dispatcher"])


@contextmanager
def _fillers(ours: Ours) -> Iterator[list[Program]]:
    settings = {
        "urls": ours.stack.urls,
        "owner_urls": ours.stack.owner_urls,
        "keys_dir": str(ours.stack.folder / "keys"),
        "people": asdict(people_of(ours)),
    }
    with ExitStack() as stack:
        found = []
        for number in range(FILLERS):
            log = Path(ours.folder / f"filler-{number}.log")
            found.append(Program("benchmarks.filling.filler", json.dumps(settings), log=log))
            stack.callback(found[-1].close)
        yield found


def _side_by_side(fillers: list[Program], orders: int) -> None:
    marks = [orders * number // len(fillers) for number in range(len(fillers) + 1)]

    def one(filler: Program, first: int, after: int) -> None:
        filler.ask("rated", first=first, count=after - first, of=orders, limit=LIMIT_SECONDS)

    with ThreadPoolExecutor(len(fillers)) as pool:
        working = [
            pool.submit(one, filler, first, after)
            for filler, (first, after) in zip(fillers, pairwise(marks), strict=True)
        ]
        for each in working:
            each.result()


def _bring_along(ours: Ours, orders: int) -> None:
    store = PostgresStore("workorders", ours.stack.urls["workorders"])
    parts = parts_of(WORKORDERS, store, ours.stack.folder / "keys")
    head = parts.log.head()
    last, _, _ = parts.log.read_on(head, 1, opened=False)
    place: dict[str, Any] = {"head": head, "log_id": store.log_id, "last_id": last}
    parts.close()
    for service in ("workorders", "analytics"):
        with psycopg.connect(ours.stack.owner_urls[service], autocommit=True) as connection:
            connection.execute(_FOLLOWING.encode(), place)
            if service == "workorders":
                _set_counters(connection, orders)
            connection.execute(b"VACUUM ANALYZE")
            connection.execute(b"CHECKPOINT")


def _set_counters(connection: psycopg.Connection[Any], orders: int) -> None:
    now = datetime.now(UTC)
    for year in {(now - OLDEST).year, (now - NEWEST).year}:
        connection.execute(
            "INSERT INTO counters (name, value) VALUES (%s, %s) "
            "ON CONFLICT (name) DO UPDATE SET value = greatest(counters.value, excluded.value)",
            (f"{COMMUNITY}:R:{year}", orders),
        )
