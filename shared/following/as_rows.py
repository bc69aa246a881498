"""Lists of values as a statement's rows: PostgreSQL takes each column as one array, so that the
statement is the same text, and prepared, however many there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shared.eventlog.store import Tx

Column = Sequence[Any]


def as_rows(tx: Tx, kinds: Sequence[str], columns: Sequence[Column]) -> tuple[str, dict[str, Any]]:
    """SQL that gives rows, and its parameters; ``kinds``: the columns' types in PostgreSQL."""
    if tx.dialect == "postgres":
        arrays = ", ".join(f":list_{place}::{kind}[]" for place, kind in enumerate(kinds))
        values = {f"list_{place}": list(column) for place, column in enumerate(columns)}
        return f"SELECT * FROM unnest({arrays})", values
    values, rows = {}, []
    for number, row in enumerate(zip(*columns, strict=True)):
        names = {f"list_{place}_{number}": value for place, value in enumerate(row)}
        values.update(names)
        rows.append(f"({', '.join(f':{name}' for name in names)})")
    return f"VALUES {', '.join(rows)}", values
