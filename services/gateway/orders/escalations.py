"""What was said as an order's time ran out, as steps beside those of its events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from services.gateway.frame import formats, words
from services.gateway.orders.parts import Part
from services.gateway.orders.reader import Reader
from services.gateway.orders.timeline import SAME, Step

Data = Mapping[str, Any]
_BROKEN = 100


def steps(reader: Reader, found: Sequence[Data]) -> list[Step]:
    return [_step(one, reader) for one in found]


def people(found: Sequence[Data]) -> set[str]:
    """Whose names are needed."""
    return {person for one in found for person in one.get("whom", ())}


def _step(one: Data, reader: Reader) -> Step:
    at, recorded = formats.when(one["due_at"]), formats.when(one["at"])
    broken = one["percent"] >= _BROKEN
    target = words.TARGETS[one["target"]].for_(staff=reader.staff)
    return Step(
        event="WorkOrderEscalated",
        version=None,
        icon="clock",
        tone="declined" if broken else "submitted",
        title=_title(one, target, staff=reader.staff),
        who=_("The system"),
        at=at,
        recorded_at=recorded if abs(recorded - at) > SAME else None,
        parts=[Part(_("Told"), _told(one, reader))] if reader.staff else [],
    )


def _title(one: Data, target: str, *, staff: bool) -> str:
    if not staff:
        if one["percent"] == _BROKEN:
            return _("Later than promised (%(target)s): we were told to hurry", target=target)
        return _("Still later than promised (%(target)s): those above were told", target=target)
    if one["percent"] < _BROKEN:
        return _("%(target)s: %(percent)s %% used up", target=target, percent=one["percent"])
    if one["percent"] == _BROKEN:
        return _("%(target)s: promise broken", target=target)
    return _("%(target)s: overdue, %(percent)s %% used up", target=target, percent=one["percent"])


def _told(one: Data, reader: Reader) -> str:
    names = [reader.name(person) for person in one["whom"]]
    if not names or one["up"] == 0:
        names.append(str(words.ROLES[one["role"]]))
    return ", ".join(names)
