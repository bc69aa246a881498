"""One order's clock as it is judged, beside the clock by other versions of what is promised."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from services.gateway.frame import formats, words
from services.gateway.orders import by_when
from services.gateway.sessions.calls import query

Data = dict[str, Any]
WHY = {
    "running": _l("counts"),
    "pause_counts": _l("on hold, and counts all the same"),
    "paused": _l("on hold"),
    "waiting_for_visit": _l("the agreed visit was still to come"),
    "waiting_for_quote": _l("the owner had a quote to answer"),
    "no_target": _l("nothing promised"),
    "assigned": _l("somebody had it"),
    "awaiting_acceptance": _l("waited for the resident"),
    "declined": _l("declined"),
    "cancelled": _l("cancelled"),
    "merged": _l("merged into another"),
    "outside_hours": _l("outside working hours"),
    "break": _l("break"),
    "day_off": _l("day off"),
    "holiday": _l("public holiday"),
    "shifted": _l("shifted working day"),
    "local": _l("a day of the community's own"),
}


def compared(community: str, number: str, asked: Mapping[str, int]) -> Data:
    """``{"order", "judged", "tried", "lines"}``. Raises ``NotFound`` for an order or a version."""
    order = query("workorders", "get", {"community": community, "number": number})
    judged = query("workorders", "sla", {"id": order["id"]})
    # of the same moment, so that nothing but the versions differs
    tried = query("workorders", "sla", {"id": order["id"], "at": judged["at"], **asked})
    lines = []
    for run in judged["targets"] or tried["targets"]:
        key = (run["target"], run["run"])
        lines.append(
            {
                "label": words.TARGETS[run["target"]].staff,
                "run": run["run"],
                "is": _line(judged, key),
                "would": _line(tried, key),
            }
        )
    return {"order": order, "judged": judged, "tried": tried, "lines": lines}


def _line(found: Data, key: tuple[str, int]) -> Data | None:
    run = next((one for one in found["targets"] if (one["target"], one["run"]) == key), None)
    if run is None or run["minutes"] is None:
        return None
    return {
        "line": by_when.line(run, staff=True),
        "used": formats.length(run["consumed_seconds"]),
        "intervals": [_interval(one) for one in run["intervals"]],
    }


def _interval(one: Data) -> Data:
    why = str(WHY.get(one["why"], one["why"]) if one["why"] else "")
    if one["reason"]:
        why = f"{why}: {words.HOLD_REASONS[one['reason']]}"
    return {
        "start": one["start"],
        "end": one["end"],
        "counted": one["counted"],
        "why": f"{why} ({one['name']})" if one["name"] else why,
        "length": formats.length(one["seconds"]),
    }
