"""What an import did, line by line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from rich.console import Console

from cli import console
from cli.imports.lines import Fault
from cli.imports.requests_311 import Order

# fewer late closings on one day are chance, not a clean-up
BULK = 20
MOST_SHOWN = 100

FLAGS = {
    "closed_late": "closed more than a year after it was created",
    "closed_without_date": "closed, and nobody says when",
    "open_with_closing_date": "open, with a closing date",
    "place_unknown": "its coordinates are none (0.0 or empty): no place is made of them",
    "neighborhood_empty": "no neighbourhood",
}


@dataclass
class Report:
    """``stopped``: why it ended before the file did.

    Every row read is made, already there (``repeated`` of them within the file), refused, or, where
    it stopped, unsent; in a dry run it ``would_be`` made.
    """

    file: str
    community: str
    source: str
    rows: int = 0
    made: int = 0
    already_there: int = 0
    repeated: int = 0
    would_be: int = 0
    refused_rows: int = 0
    refused: list[Fault] = field(default_factory=list)
    flags: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    late_days: Counter[str] = field(default_factory=Counter)
    stopped: str | None = None

    def refuse(self, faults: Iterable[Fault]) -> None:
        self.refused_rows += 1
        self.refused += faults

    def take(self, order: Order) -> None:
        """Count what is in a row that was taken (or is already there)."""
        self.flags.update(order.flags)
        self.kinds[order.request["kind"]] += 1
        if "closed_late" in order.flags and order.closed_on is not None:
            self.late_days[order.closed_on] += 1

    @property
    def unsent(self) -> int:
        return self.rows - self.made - self.already_there - self.would_be - self.refused_rows

    @property
    def bulk_days(self) -> dict[str, int]:
        """Days (as the source dates them) on which many late closings were set at once."""
        return {day: count for day, count in sorted(self.late_days.items()) if count >= BULK}

    def to_dict(self) -> dict[str, Any]:
        """All of it for a file; ``refused`` has one object for every fault of every line."""
        return {
            "file": self.file,
            "community": self.community,
            "source": self.source,
            "rows_read": self.rows,
            "orders_made": self.made,
            "already_there": self.already_there,
            "repeated_in_file": self.repeated,
            "would_be_made": self.would_be,
            "rows_refused": self.refused_rows,
            "rows_unsent": self.unsent,
            "stopped": self.stopped,
            "kinds": dict(sorted(self.kinds.items())),
            "flags": {name: self.flags[name] for name in FLAGS},
            "bulk_closing_days": self.bulk_days,
            "refused": [
                {"line": one.line, "field": one.field, "reason": one.reason}
                for one in sorted(self.refused, key=lambda one: one.line)
            ],
        }

    def show(self, out: Console) -> None:
        found = console.table(f"Import of {self.file}", "rows", "count", right=("count",))
        found.show_header = False
        console.row(found, "rows read", self.rows)
        if self.would_be:
            console.row(found, "orders that would be made (dry run)", self.would_be)
        else:
            console.row(found, f"orders made in {self.community}", self.made)
            console.row(found, "already there", self.already_there)
            if self.unsent:
                console.row(found, "read, but not sent any more", self.unsent)
        console.row(found, "rows refused", self.refused_rows)
        for name, meaning in FLAGS.items():
            if self.flags[name]:
                console.row(found, f"  taken, but {meaning}", self.flags[name])
        for day, count in self.bulk_days.items():
            console.row(found, f"  of the late ones, closed in bulk on {day}", count)
        out.print(found)
        if self.refused:
            self._show_refused(out)

    def _show_refused(self, out: Console) -> None:
        found = console.table("Refused", "line", "field", "reason", right=("line",), wide="reason")
        rows = sorted(self.refused, key=lambda one: one.line)
        for one in rows[:MOST_SHOWN]:
            console.row(found, one.line, one.field, one.reason)
        out.print(found)
        if len(rows) > MOST_SHOWN:
            out.print(f"and {len(rows) - MOST_SHOWN} more; --report FILE.json has all of them")
