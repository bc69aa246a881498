"""What one row of a 311-style export means here. Pure.

Nothing is made up: an unknown place stays unknown, a closing date stays as given however late it
was set, and no rating exists, so none comes of it. What looks odd is flagged, not mended.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from cli.imports.lines import Fault, Record

REQUIRED = (
    "unique_key",
    "created_date",
    "closed_date",
    "status",
    "category",
    "complaint_type",
    "descriptor",
)
# columns read where there are any; all others are left out
USED = (*REQUIRED, "status_notes", "incident_address", "neighborhood", "latitude", "longitude")
# the housing authority's requests are repairs of dwellings; all others complain of the public space
REPAIRS = frozenset({"SFHA Requests"})
LATE = timedelta(days=365)
MOST_CHARACTERS = 4000
# the fields of `workorders.import_order` by the columns they come from
COLUMN_OF = {
    "source_id": "unique_key",
    "submitted_at": "created_date",
    "closed_at": "closed_date",
    "closed": "status",
}

_NAMESPACE = UUID("7b1d4b52-0f0e-5b55-8f4e-2f9a6f0f3a10")
_STATUS = {"closed": True, "open": False}
_NO_ADDRESS = "not associated with a specific address"
_TEST = re.compile(
    r"(?:this (?:is|was) (?:just |only )?a )?test(?: ?only| ?case)?\W*(?:\d\d/\d\d\S*)?"
    r"|.*\b(?:created|entered|submitted) as a test\b.*"
    r"|no info \(test\)"
)


@dataclass(frozen=True)
class Order:
    """``request``: what `workorders.import_order` takes. ``flags``: what is odd about the row."""

    line: int
    source_id: str
    request: dict[str, Any]
    flags: tuple[str, ...]
    closed_on: str | None = None


class Rows:
    """``source`` names the other system; with a row's own key it makes the order's identity."""

    def __init__(self, community: str, source: str, *, include_tests: bool = False) -> None:
        self._community = community
        self._source = source
        self._include_tests = include_tests
        self._seen: dict[str, tuple[int, int]] = {}

    def order(self, record: Record) -> Order | list[Fault] | None:
        """The order of a row, or every reason why it is refused; None for the same row again."""
        row, line = record.fields, record.line
        found = _Reading(row, line)
        created = found.moment("created_date")
        closed = found.moment("closed_date", optional=True)
        status = found.text("status", 100)
        key = found.text("unique_key", 100)
        category = found.text("category", 100)
        if status and status.strip().lower() not in _STATUS:
            found.fault("status", f"{status!r} is neither Open nor Closed")
        if created is not None and closed is not None and closed < created:
            found.fault("closed_date", f"{closed} is before created_date {created}")
        notes = row.get("status_notes", "")
        if not self._include_tests and _TEST.fullmatch(" ".join(notes.lower().split())):
            found.fault("status_notes", f"says it is a test: {notes.strip()[:60]!r}")
        description = _description(row)
        if len(description) > MOST_CHARACTERS:
            found.fault(
                "status_notes",
                f"makes a description of {len(description)} characters; {MOST_CHARACTERS} at most",
            )
        if key in self._seen:
            first, content = self._seen[key]
            if content == _content(record):
                return None
            found.fault("unique_key", f"{key} is the key of line {first}, which says otherwise")
        elif key:
            self._seen[key] = (line, _content(record))
        if found.faults or created is None:
            return found.faults
        is_closed = _STATUS[status.strip().lower()]
        return Order(
            line,
            key,
            {
                "command_id": str(uuid5(_NAMESPACE, f"{self._community}:{self._source}:{key}")),
                "community": self._community,
                "kind": "repair" if category in REPAIRS else "complaint",
                "category": category,
                "source": self._source,
                "source_id": key,
                "submitted_at": row["created_date"].strip(),
                "closed_at": row["closed_date"].strip() or None,
                "status": status,
                "closed": is_closed,
                "description": description or None,
            },
            _flags(row, created, closed, is_closed),
            closed.date().isoformat() if closed is not None else None,
        )


class _Reading:
    def __init__(self, row: dict[str, str], line: int) -> None:
        self._row = row
        self._line = line
        self.faults: list[Fault] = []

    def fault(self, field: str, reason: str) -> None:
        self.faults.append(Fault(self._line, field, reason))

    def text(self, name: str, most: int) -> str:
        value = self._row[name]
        if not value.strip():
            self.fault(name, "is empty")
        elif len(value) > most:
            self.fault(name, f"has {len(value)} characters; {most} at most")
        return value

    def moment(self, name: str, *, optional: bool = False) -> datetime | None:
        text = self._row[name].strip()
        if not text:
            if not optional:
                self.fault(name, "is empty")
            return None
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            self.fault(name, f"{text[:40]!r} is no time in ISO 8601")
            return None
        if found.tzinfo is None:
            self.fault(name, f"{text!r} lacks its offset from UTC, and none is guessed")
            return None
        return found


def _content(record: Record) -> int:
    return hash(tuple(sorted(record.fields.items())))


def has_place(row: dict[str, str]) -> bool:
    """0.0, 0.0 lies in the sea off Africa: exports write it for "unknown"."""
    try:
        latitude, longitude = float(row.get("latitude", "")), float(row.get("longitude", ""))
    except ValueError:
        return False
    return (latitude, longitude) != (0.0, 0.0)


def _description(row: dict[str, str]) -> str:
    what = ": ".join(
        dict.fromkeys(part for part in (row["complaint_type"], row["descriptor"]) if part)
    )
    address = row.get("incident_address", "")
    where = [] if address.strip().lower() == _NO_ADDRESS else [address]
    where.append(row.get("neighborhood", ""))
    if has_place(row):
        where.append(f"{row['latitude']} {row['longitude']}")
    lines = (what, ", ".join(part for part in where if part.strip()), row.get("status_notes", ""))
    return "\n".join(line for line in lines if line.strip())


def _flags(
    row: dict[str, str], created: datetime, closed: datetime | None, is_closed: bool
) -> tuple[str, ...]:
    found = {
        "closed_late": closed is not None and closed - created > LATE,
        "closed_without_date": is_closed and closed is None,
        "open_with_closing_date": not is_closed and closed is not None,
        "place_unknown": not has_place(row),
        "neighborhood_empty": not row.get("neighborhood", "").strip(),
    }
    return tuple(name for name, holds in found.items() if holds)
