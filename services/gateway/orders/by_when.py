"""By when what must have been done to an order, and whether it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import pgettext as _p

from services.gateway.frame import formats, words
from services.gateway.sessions.calls import query
from shared.errors import WuyeError

Data = Mapping[str, Any]
# nobody put it on hold: it is as was agreed
WAITS = ("waiting_for_visit", "waiting_for_quote")


@dataclass(frozen=True)
class Line:
    """One target. ``verdict``: in a few words, with its ``tone``; ``more``: in a sentence.

    ``stood``: for how long its time stood still, and why.
    """

    label: str
    verdict: str
    tone: str
    due: datetime | None
    more: str | None
    stood: str | None


def judged(order_id: str) -> Data | None:
    """The order's clock, and whom it was said to; None where it cannot be had."""
    try:
        return query("workorders", "sla", {"id": order_id})
    except WuyeError:
        return None


def lines(found: Data | None, *, staff: bool) -> list[Line]:
    """The newest run of each target that there is a promise for."""
    targets = found["targets"] if found is not None else []
    newest = {each["target"]: each for each in targets if each["minutes"] is not None}
    return [line(each, staff=staff) for each in newest.values() if each["state"] != "off"]


def line(run: Data, *, staff: bool) -> Line:
    verdict, tone = _verdict(run)
    return Line(
        label=words.TARGETS[run["target"]].for_(staff=staff),
        verdict=verdict,
        tone=tone,
        due=formats.when(run["due"]) if run["due"] else None,
        more=_more(run),
        stood=_stood(run),
    )


def _verdict(run: Data) -> tuple[str, str]:
    match run["state"]:
        case "met":
            return (_("Late"), "declined") if run["breached"] else (_("In time"), "accepted")
        case "ended":
            return (_("Late"), "declined") if run["breached"] else (_("Ended"), "cancelled")
        case "paused":
            waits = run["stopped_by"] in WAITS
            return (_p("clock", "Waiting") if waits else _("On hold")), "submitted"
    return (_("Overdue"), "declined") if run["breached"] else (_("Running"), "dispatched")


def _more(run: Data) -> str | None:
    """What is left, or by how much it was missed, in the kind of time that was promised."""
    if run["state"] == "ended":
        return None
    if run["state"] == "met":
        return _("It took %(time)s.", time=_length(run["consumed_seconds"], run["time"]))
    left = run["remaining_seconds"]
    if run["breached"]:
        return _("%(time)s too late.", time=_length(-left, run["time"])) if left < 0 else None
    length = _length(left, run["time"])
    if run["state"] == "paused":
        reason = str(words.STOP_REASONS[run["stopped_by"]])
        return _("%(reason)s. %(time)s left.", reason=reason, time=length)
    return _("%(time)s left.", time=length)


def _stood(run: Data) -> str | None:
    told = [
        f"{words.STOP_REASONS[reason]} {_length(length, run['time'])}"
        for reason, length in run["paused_seconds"].items()
        if length
    ]
    return _("Not counted: %(stretches)s.", stretches=formats.several(told)) if told else None


def _length(seconds: int, kind: str) -> str:
    length = formats.length(seconds)
    return _("%(time)s of working time", time=length) if kind == "working" else length
