"""A view of `workorders` catching up with its log, from its very first event.

``python -m benchmarks.catching_up <port> <store URL or file> <keys folder>``, green as ``work`` is.
"""

from shared.hosting.green import patch

patch()

import sys  # noqa: E402
import time  # noqa: E402
from datetime import UTC, datetime  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

from benchmarks.filling import histories  # noqa: E402
from benchmarks.filling.filler import parts_of  # noqa: E402
from benchmarks.programs import answer  # noqa: E402
from services.workorders.definition import SERVICE  # noqa: E402
from services.workorders.orders.views.order_board.projection import ORDER_BOARD  # noqa: E402
from shared.eventlog.migrate import migrate_postgres, migrate_sqlite  # noqa: E402
from shared.eventlog.postgres import PostgresStore  # noqa: E402
from shared.eventlog.sqlite import SqliteStore  # noqa: E402
from shared.eventlog.store import Append, Store  # noqa: E402
from shared.following.follower import Follower  # noqa: E402
from shared.following.source import LocalSource  # noqa: E402
from shared.hosting.parts import Parts  # noqa: E402

CHUNK = 500


def _store(place: str) -> Store:
    if place.startswith("postgresql:"):
        migrate_postgres(place, place)
        return PostgresStore(SERVICE.name, place)
    migrate_sqlite(Path(place))
    return SqliteStore(SERVICE.name, Path(place))


def _fill(parts: Parts, orders: int) -> int:
    """By the store's own append, in large transactions; the number of events."""
    people, now = histories.imaginary(), datetime.now(UTC)
    made = histories.rated(people, 0, orders, orders, parts.digest, now)
    events = 0
    for start in range(0, orders, CHUNK):
        batch = [
            Append(order.stream, 0, order.stored(parts.mapper))
            for order in (next(made) for _ in range(min(CHUNK, orders - start)))
        ]
        with parts.store.transaction() as tx:
            tx.append(batch)
        events += sum(len(item.events) for item in batch)
    return events


def _follow(parts: Parts) -> dict[str, Any]:
    """A fresh build of the view, followed to the end of the log: rows, and seconds from making
    its table on.
    """
    head = parts.log.head()
    held = parts.builds.live(ORDER_BOARD)
    began = time.monotonic()
    if held is not None:
        fresh = parts.builds.add(ORDER_BOARD)
        with parts.store.transaction() as tx:
            parts.builds.flip(tx, fresh)
    follower = Follower(
        LocalSource(parts.log), [ORDER_BOARD], parts.store, parts.builds, lambda _: None
    )
    if follower.following[0].place.position:
        raise RuntimeError("the build is not fresh")
    while follower.step():
        pass
    seconds = time.monotonic() - began
    place = follower.following[0].place
    if place.position != head or place.status != "following":
        raise RuntimeError(f"{place.status} at {place.position} of {head}")
    if held is not None:
        parts.builds.discard(held)
    return {"seconds": seconds, "rows": parts.reader.count(ORDER_BOARD)}


def main() -> None:
    parts = parts_of(SERVICE, _store(sys.argv[2]), Path(sys.argv[3]))
    answer(fill=lambda orders: _fill(parts, orders), follow=lambda: _follow(parts))


main()
