"""eventsourcing's own way to a view: `ProjectionRunner` on its PostgreSQL tracking recorder.

``python -m benchmarks.usual.projection <port> <database URL>``, not green: it breaks under
monkey-patching. The view is a row an order, written with its tracking in one transaction, as its
documentation shows.
"""

from __future__ import annotations

import sys
import threading
import time
from typing import Any, ClassVar

import psycopg
from eventsourcing.dispatch import singledispatchmethod
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresDatastore, PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from psycopg.sql import SQL

from benchmarks.programs import answer
from benchmarks.usual.aggregate import Order, Orders

A_SAVE = 50
LIMIT_SECONDS = 300.0
_CREATE = """
    CREATE TABLE IF NOT EXISTS order_board (
        id text PRIMARY KEY, community text, kind text, category text, building text, unit text,
        reporter text, accepter text, channel text, technician text, state text, stars int,
        version bigint, submitted_at timestamptz, changed_at timestamptz
    )
"""
_SUBMITTED = """
    INSERT INTO order_board VALUES (
        %(id)s, %(community)s, %(kind)s, %(category)s, %(building)s, %(unit)s, %(reporter)s,
        %(accepter)s, %(channel)s, NULL, 'submitted', NULL, %(version)s, %(time)s, %(time)s
    )
"""
_CHANGED = """
    UPDATE order_board SET state = %(state)s, technician = coalesce(%(technician)s, technician),
        stars = coalesce(%(stars)s, stars), version = %(version)s, changed_at = %(time)s
    WHERE id = %(id)s
"""
_STATES = {
    Order.Dispatched: "dispatched",  # type: ignore[attr-defined]
    Order.Repaired: "repaired",  # type: ignore[attr-defined]
    Order.Accepted: "accepted",  # type: ignore[attr-defined]
    Order.Rated: "rated",  # type: ignore[attr-defined]
}
_KEYS = (
    "community", "kind", "category", "building", "unit", "reporter", "accepter", "channel",
)  # fmt: skip


class OrderBoard(PostgresTrackingRecorder):
    """``ended``: event ``head`` is in the view, at ``ended_at``; the runner's own ``wait`` looks
    after a pause alone, in the end of 0.8 s.
    """

    head: ClassVar[int] = 0

    def __init__(self, datastore: PostgresDatastore, **kwargs: Any) -> None:
        super().__init__(datastore, **kwargs)
        self.sql_create_statements.append(SQL(_CREATE))  # type: ignore[arg-type]
        self.ended_at = 0.0
        self.ended = threading.Event()

    def write(self, tracking: Tracking, statement: str, values: dict[str, Any]) -> None:
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            cursor.execute(statement.encode(), values, prepare=True)
        if tracking.notification_id == self.head:
            self.ended_at = time.monotonic()
            self.ended.set()


class OrderBoardProjection(Projection[OrderBoard]):
    @singledispatchmethod
    def process_event(self, event: DomainEventProtocol[Any], tracking: Tracking) -> None:
        values = {
            "id": str(event.originator_id),
            "version": event.originator_version,
            "time": event.timestamp,  # type: ignore[attr-defined]
        }
        if isinstance(event, Order.Submitted):  # type: ignore[attr-defined]
            values |= {name: getattr(event, name) for name in _KEYS}
            self.view.write(tracking, _SUBMITTED, values)
        else:
            values |= {
                "state": _STATES[type(event)],
                "technician": getattr(event, "technician", None),
                "stars": getattr(event, "stars", None),
            }
            self.view.write(tracking, _CHANGED, values)


def fill(orders: int) -> int:
    application = Orders()
    for start in range(0, orders, A_SAVE):
        made = [_order() for _ in range(min(A_SAVE, orders - start))]
        application.save(*made)
    head = application.recorder.max_notification_id()
    application.close()
    return head or 0


def _order() -> Order:
    order = Order(
        community="lakeside",
        kind="repair",
        category="plumbing",
        building="b",
        unit="u",
        reporter="r",
        accepter="r",
        channel="page",
        description="厨房水槽下面漏水,地板已经湿了 (leak under the kitchen sink)",
        photos=[],
    )
    order.dispatch("t")
    washers = {"name": "washer", "quantity": 2, "unit_cost_fen": 150}
    order.repair("换了垫圈", 35, [washers], 3000, [])
    order.accept()
    order.rate(5, 4, 5, "很快,谢谢")
    return order


def follow(head: int) -> dict[str, Any]:
    """From making the runner and its tables until event ``head`` is in the view: seconds, and the
    rows there are then.
    """
    OrderBoard.head = head
    with psycopg.connect(sys.argv[2], autocommit=True) as connection:
        connection.execute(b"DROP TABLE IF EXISTS order_board, orderboardprojection_tracking")
        began = time.monotonic()
        with ProjectionRunner(
            application_class=Orders, projection_class=OrderBoardProjection, view_class=OrderBoard
        ) as runner:
            until = began + LIMIT_SECONDS
            while not runner.view.ended.wait(0.5):
                if runner.is_interrupted.is_set() or time.monotonic() > until:
                    # raises what ended it
                    runner.run_forever(0)
                    raise RuntimeError("the view did not come to its end")
            seconds = runner.view.ended_at - began
        row = connection.execute(b"SELECT count(*) FROM order_board").fetchone()
    return {"seconds": seconds, "rows": row[0] if row else 0}


def main() -> None:
    answer(fill=fill, follow=follow)


if __name__ == "__main__":
    main()
