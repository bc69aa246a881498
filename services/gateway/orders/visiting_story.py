"""The step cards of visits."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from services.gateway.frame import words
from services.gateway.orders.looks import Look, Parts
from services.gateway.orders.parts import Part, quote
from services.gateway.orders.reader import Data, Reader


def _offered(reader: Reader, data: Data) -> Parts:
    return [Part(_("When"), data["windows"], "windows")]


def _when(reader: Reader, data: Data) -> Parts:
    return [Part(_("When"), [data], "windows")]


def _chosen(reader: Reader, data: Data) -> Parts:
    channel = data.get("channel")
    how = [Part(_("How"), str(words.CHANNELS[channel]))] if channel else []
    return [*_when(reader, data), *how]


def _moved(reader: Reader, data: Data) -> Parts:
    before = {"starts": data["from_starts"], "ends": data["from_ends"]}
    return [
        *_when(reader, data),
        Part(_("Before"), [before], "windows"),
        Part(_("Whose wish"), _("The resident asked for it")) if data.get("requested") else None,
        quote(_("Reason"), data["reason"], needed=False),
    ]


def _missed(reader: Reader, data: Data) -> Parts:
    return [*_when(reader, data), quote(_("Note"), data["note"], needed=False)]


def _cancelled(reader: Reader, data: Data) -> Parts:
    return [*_when(reader, data), quote(_("Reason"), data["reason"], needed=False)]


LOOKS: dict[str, Look] = {
    "WorkOrderVisitsOffered": ("clock", "submitted", _l("Times for a visit offered"), _offered),
    "WorkOrderVisitChosen": ("check", "dispatched", _l("Visit agreed"), _chosen),
    "WorkOrderVisitMoved": ("swap", "dispatched", _l("Visit moved"), _moved),
    "WorkOrderVisitMissed": ("ban", "declined", _l("Nobody was there"), _missed),
    "WorkOrderVisitCancelled": ("ban", "declined", _l("Visit called off"), _cancelled),
    "WorkOrderVisitReminded": ("bell", "dispatched", _l("Reminded of the visit"), _when),
}
