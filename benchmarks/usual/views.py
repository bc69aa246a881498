"""The two views, a service each: ``nameko run benchmarks.usual.views``.

Ten workers take events out of turn, so every statement must hold in any order.
"""

from __future__ import annotations

import os
from typing import Any

from nameko.events import event_handler
from nameko.extensions import DependencyProvider
from psycopg_pool import ConnectionPool

Event = dict[str, Any]

_SATISFACTION = """
    INSERT INTO satisfaction (
        id, community, building, category, kind, channel, technician, {moment} stars, updated_at
    ) VALUES (
        %(id)s, %(community)s, %(building)s, %(category)s, %(kind)s, %(channel)s, %(technician)s,
        {value} %(stars)s, clock_timestamp()
    ) ON CONFLICT (id) DO UPDATE SET
        {update} technician = coalesce(excluded.technician, satisfaction.technician),
        stars = coalesce(excluded.stars, satisfaction.stars), updated_at = clock_timestamp()
"""
_EFFICIENCY = """
    INSERT INTO efficiency (
        id, community, building, category, kind, channel, technician, state, version, {moment}
        updated_at
    ) VALUES (
        %(id)s, %(community)s, %(building)s, %(category)s, %(kind)s, %(channel)s, %(technician)s,
        %(state)s, %(version)s, {value} clock_timestamp()
    ) ON CONFLICT (id) DO UPDATE SET
        {update} technician = coalesce(excluded.technician, efficiency.technician),
        state = CASE WHEN excluded.version > efficiency.version
            THEN excluded.state ELSE efficiency.state END,
        version = greatest(excluded.version, efficiency.version), updated_at = clock_timestamp()
"""


def _statement(text: str, column: str | None) -> str:
    if column is None:
        return text.format(moment="", value="", update="")
    return text.format(
        moment=f"{column},", value="%(time)s,", update=f"{column} = excluded.{column},"
    )


SATISFACTION = {
    "submitted": _statement(_SATISFACTION, None),
    "accepted": _statement(_SATISFACTION, "accepted_at"),
    "rated": _statement(_SATISFACTION, "rated_at"),
}
EFFICIENCY = {
    "submitted": _statement(_EFFICIENCY, "submitted_at"),
    "dispatched": _statement(_EFFICIENCY, "dispatched_at"),
    "repaired": _statement(_EFFICIENCY, "repaired_at"),
    "accepted": _statement(_EFFICIENCY, "accepted_at"),
    "rated": _statement(_EFFICIENCY, None),
}


class Database(DependencyProvider):
    def setup(self) -> None:
        self.pool = ConnectionPool(
            os.environ["VIEWS_URL"],
            min_size=4,
            max_size=int(os.environ["VIEWS_CONNECTIONS"]),
            kwargs={"autocommit": True},
            open=True,
        )

    def stop(self) -> None:
        self.pool.close()

    def get_dependency(self, worker_ctx: Any) -> ConnectionPool[Any]:
        return self.pool


class SatisfactionView:
    name = "satisfaction"
    database = Database()

    @event_handler("orders", "order_changed")
    def take(self, event: Event) -> None:
        statement = SATISFACTION.get(event["state"])
        if statement is not None:
            with self.database.connection() as connection:
                connection.execute(statement, event)


class EfficiencyView:
    name = "efficiency"
    database = Database()

    @event_handler("orders", "order_changed")
    def take(self, event: Event) -> None:
        with self.database.connection() as connection:
            connection.execute(EFFICIENCY[event["state"]], event)
