"""The tables of views: made from the row's struct, one table a build, never altered.

Column types: text, integers, floats and booleans as they are; moments as UTC text of fixed width,
so that they sort; everything else as JSON text. Text sorts by code point on every database.
Personal columns are sealed, as in the log.
"""

from __future__ import annotations

import hashlib
import math
import types
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import msgspec

from shared.eventlog.store import Store, Tx
from shared.following.view import View
from shared.privacy.seal import Sealer

# On PostgreSQL, on SQLite; all others are text.
_NUMBERS: dict[type, tuple[str, str]] = {
    int: ("bigint", "INTEGER"),
    float: ("double precision", "REAL"),
    bool: ("boolean", "BOOLEAN"),
}
_PLAIN = (str, datetime, *_NUMBERS)


def moment_text(moment: datetime) -> str:
    """UTC, to the microsecond, of fixed width: sorts as time does. Refuses one without a zone."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone")
    if moment.tzinfo is not UTC:
        moment = moment.astimezone(UTC)
    return moment.isoformat(timespec="microseconds")[:-6] + "Z"


@cache
def _columns(row: type[msgspec.Struct]) -> dict[str, type]:
    """Column name to plain Python type; ``object`` means JSON."""
    return {name: _plain(hint) for name, hint in get_type_hints(row, include_extras=True).items()}


def _plain(hint: Any) -> type:
    if get_origin(hint) is Annotated:
        return _plain(get_args(hint)[0])
    if get_origin(hint) in (Union, types.UnionType):
        members = [arg for arg in get_args(hint) if arg is not type(None)]
        return _plain(members[0]) if len(members) == 1 else object
    return hint if hint in _PLAIN else object


class ViewTable:
    """One build of one view in one store."""

    def __init__(self, view: View, build: int, store: Store, sealer: Sealer) -> None:
        self.view = view
        self.build = build
        self._store = store
        self._sealer = sealer
        self.name = f"view_{view.name}_{build}"
        self._columns = _columns(view.row)
        self._worded = [(name, kind) for name, kind in self._columns.items() if kind is not str]

    def create(self, tx: Tx) -> None:
        place, text = (0, 'text COLLATE "C"') if self._store.dialect == "postgres" else (1, "TEXT")
        columns = ", ".join(
            f"{name} {_NUMBERS[kind][place] if kind in _NUMBERS else text}"
            + (" PRIMARY KEY" if name == "key" else "")
            for name, kind in self._columns.items()
        )
        tx.execute(f"CREATE TABLE IF NOT EXISTS {self.name} ({columns})")
        for number, index in enumerate(self.view.indexes):
            tx.execute(
                f"CREATE INDEX IF NOT EXISTS {self.name}_{number} "
                f"ON {self.name} ({', '.join(index)})"
            )

    def drop(self, tx: Tx) -> None:
        tx.execute(f"DROP TABLE IF EXISTS {self.name}")

    def load(self, tx: Tx, keys: Sequence[str]) -> dict[str, Any]:
        """The rows with these keys, in one SELECT a 500 keys."""
        return {row.key: row for row in self.select_of(tx, "key", keys)}

    def select_of(self, tx: Tx, column: str, values: Sequence[str]) -> list[Any]:
        """The rows with one of these values in a column of text, in one SELECT a 500 values."""
        found: list[Any] = []
        for start in range(0, len(values), 500):
            chunk = list(values[start : start + 500])
            params: dict[str, Any] = {"values": chunk}
            among = "= ANY(:values::text[])"
            if self._store.dialect != "postgres":
                params = {f"v{number}": value for number, value in enumerate(chunk)}
                among = f"IN ({', '.join(f':{name}' for name in params)})"
            sql = f"SELECT * FROM {self.name} WHERE {column} {among}"
            found.extend(self.from_columns(row) for row in tx.query(sql, params))
        return found

    def select(
        self,
        tx: Tx,
        *,
        where: str = "",
        params: Mapping[str, Any] | None = None,
        order: str = "key",
        limit: int | None = None,
    ) -> list[Any]:
        text = f"SELECT * FROM {self.name}"
        if where:
            text += f" WHERE {where}"
        text += f" ORDER BY {order}"
        if limit is not None:
            text += f" LIMIT {int(limit)}"
        return [self.from_columns(row) for row in tx.query(text, _params(params))]

    def count(self, tx: Tx, *, where: str = "", params: Mapping[str, Any] | None = None) -> int:
        text = f"SELECT count(*) AS found FROM {self.name}" + (f" WHERE {where}" if where else "")
        return int(tx.query(text, _params(params))[0]["found"])

    def counts(
        self,
        tx: Tx,
        *,
        by: Sequence[str],
        where: str = "",
        params: Mapping[str, Any] | None = None,
    ) -> dict[tuple[Any, ...], int]:
        """Row counts by the values of plain columns."""
        columns = ", ".join(by)
        text = f"SELECT {columns}, count(*) AS found FROM {self.name}"
        if where:
            text += f" WHERE {where}"
        rows = tx.query(f"{text} GROUP BY {columns}", _params(params))
        return {tuple(row[name] for name in by): int(row["found"]) for row in rows}

    def write(self, tx: Tx, rows: Sequence[Mapping[str, Any]], gone: Iterable[str] = ()) -> None:
        """Upsert rows made by ``to_columns``, and delete the keys in ``gone``."""
        if rows:
            names = list(self._columns)
            updates = ", ".join(f"{name} = excluded.{name}" for name in names if name != "key")
            conflict = (
                f"ON CONFLICT (key) DO UPDATE SET {updates}"
                if updates
                else "ON CONFLICT (key) DO NOTHING"
            )
            target = f"INSERT INTO {self.name} ({', '.join(names)})"
            if self._store.dialect == "postgres":
                # As one parameter: to write an array a column takes the client three times as long.
                source = f"json_populate_recordset(NULL::{self.name}, :rows::json)"
                tx.execute(
                    f"{target} SELECT {', '.join(names)} FROM {source} {conflict}",
                    {"rows": msgspec.json.encode(rows).decode()},
                )
            else:
                marks = ", ".join(f":{name}" for name in names)
                tx.many(f"{target} VALUES ({marks}) {conflict}", rows)
        gone = list(gone)
        if gone:
            tx.many(f"DELETE FROM {self.name} WHERE key = :key", [{"key": key} for key in gone])

    def to_columns(self, row: Any) -> dict[str, Any]:
        """Seal and flatten one row. Outside transactions: it may commit a new person's key.

        Raises ``ValueError`` and the like for what no column holds.
        """
        data = self._sealer.seal_data(
            self.view.row,
            msgspec.structs.asdict(row),
            actor="",
            context=f"{self.view.name}:{row.key}",
        )
        for name, kind in self._worded:
            value = data[name]
            if value is None:
                continue
            if kind is datetime:
                data[name] = moment_text(value)
            elif kind is object:
                data[name] = msgspec.json.encode(value, order="sorted").decode()
            elif kind in _NUMBERS:
                # A float of 3 is 3.0: PostgreSQL takes no array of both.
                data[name] = kind(value)
                if kind is float and not math.isfinite(value):
                    raise ValueError(f"{name} of {row.key} is {value}")
        return data

    def from_columns(self, columns: Mapping[str, Any]) -> Any:
        data = dict(columns)
        for name, kind in self._worded:
            if kind is object and data[name] is not None:
                data[name] = msgspec.json.decode(data[name])
            elif kind is bool and data[name] is not None:
                data[name] = bool(data[name])
        data = self._sealer.open_data(
            self.view.row, data, context=f"{self.view.name}:{data['key']}"
        )
        return msgspec.convert(data, self.view.row)

    def digest(self, tx: Tx) -> str:
        """SHA-256 over all rows, opened, in order of their keys: equal rows, equal digest."""
        digest = hashlib.sha256()
        after = ""
        while True:
            rows = self.select(tx, where="key > :after", params={"after": after}, limit=1000)
            for row in rows:
                digest.update(msgspec.json.encode(row, order="sorted"))
                digest.update(b"\n")
            if len(rows) < 1000:
                return digest.hexdigest()
            after = rows[-1].key


def _params(params: Mapping[str, Any] | None) -> dict[str, Any]:
    return {
        name: moment_text(value) if isinstance(value, datetime) else value
        for name, value in (params or {}).items()
    }
