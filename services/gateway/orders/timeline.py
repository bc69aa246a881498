"""An order's events as step cards: what happened, who did it, when, and what caused it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from services.gateway.frame import formats
from services.gateway.orders import (
    closing_story,
    deferring,
    linking_story,
    quoting_story,
    visiting_story,
    working_story,
)
from services.gateway.orders.looks import Data, Look, nothing
from services.gateway.orders.parts import Part
from services.gateway.orders.reader import Reader

# a claimed time this near the recorded one is the same to people
SAME = timedelta(minutes=2)


@dataclass(frozen=True)
class Step:
    """``at`` is when it happened; ``recorded_at`` is set where that is another time.

    ``version``: of the order; None where it stands beside the order.
    """

    event: str
    version: int | None
    icon: str
    tone: str
    title: str
    who: str
    at: datetime
    recorded_at: datetime | None
    parts: list[Part] = field(default_factory=list)
    cause: str | None = None


_LOOKS: dict[str, Look] = {
    **working_story.LOOKS,
    **closing_story.LOOKS,
    **linking_story.LOOKS,
    **quoting_story.LOOKS,
    **visiting_story.LOOKS,
    **deferring.LOOKS,
}
_UNKNOWN = ("dot", "cancelled", _l("Something else happened"), nothing)


def steps(reader: Reader, events: Sequence[Data]) -> list[Step]:
    """Oldest first, as the events are."""
    numbers = {event["id"]: event["version"] for event in events}
    return [_step(reader, event, numbers) for event in events]


def _step(reader: Reader, event: Data, numbers: Mapping[str, int]) -> Step:
    recorded = formats.when(event["time"])
    at = formats.when(event["occurred_at"])
    icon, tone, title, parts = _LOOKS.get(event["type"], _UNKNOWN)
    return Step(
        event=event["type"],
        version=event["version"],
        icon=icon,
        tone=tone,
        title=title(reader, event["data"]) if callable(title) else str(title),
        who=reader.who(event["actor"]),
        at=at,
        recorded_at=recorded if abs(recorded - at) > SAME else None,
        parts=[part for part in parts(reader, event["data"]) if part is not None],
        cause=_cause(event, numbers),
    )


def _cause(event: Data, numbers: Mapping[str, int]) -> str | None:
    cause = event["causation_id"]
    if cause is None:
        return None
    if cause in numbers:
        return _("Follows from step %(number)s", number=numbers[cause])
    return _("Follows from an event in another service")


def people_in(order: Data, events: Sequence[Data]) -> set[str]:
    """Everybody whose name the page may need."""
    found = {order[name] for name in ("reporter", "accepter", "technician", "taken_by")}
    for event in events:
        found.add(event["actor"])
        found |= {event["data"].get(name) for name in ("technician", "from_technician", "taken_by")}
    return {person for person in found if person}
