"""Times out of forms: a day and a time of the clocks at a place, made one moment."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from shared.errors import Invalid


def day(text: str, field: str) -> date:
    """Out of a field for days. Raises ``Invalid`` naming the field."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise _invalid(field, "A day is expected, such as 2026-03-01.") from None


def clock(text: str, field: str) -> time:
    """Out of a field for times. Raises ``Invalid`` naming the field."""
    try:
        return time.fromisoformat(text.strip()).replace(tzinfo=None)
    except ValueError:
        raise _invalid(field, "A time is expected.") from None


def moment(text: str, zone: ZoneInfo, field: str) -> str:
    """Out of a field for a day with its time; ISO 8601 in UTC. Raises ``Invalid``."""
    try:
        local = datetime.fromisoformat(text.strip()).replace(tzinfo=zone)
    except ValueError:
        raise _invalid(field, "A time is expected.") from None
    return local.astimezone(UTC).isoformat()


def at(on: date, when: time, zone: ZoneInfo) -> str:
    """The moment at which the clocks there show this, in UTC."""
    return datetime.combine(on, when, zone).astimezone(UTC).isoformat()


def typed(value: datetime | str, zone: ZoneInfo) -> str:
    """As such a field shows a moment."""
    found = datetime.fromisoformat(value) if isinstance(value, str) else value
    return found.astimezone(zone).strftime("%Y-%m-%dT%H:%M")


def _invalid(field: str, text: str) -> Invalid:
    return Invalid(f"{field}: {text}", fields={field: [text]})
