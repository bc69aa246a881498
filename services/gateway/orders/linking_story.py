"""The step cards of parts for other trades, and of orders about the same."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from services.gateway.frame import formats, words
from services.gateway.frame.words import Words
from services.gateway.orders.looks import Look, Parts, both
from services.gateway.orders.parts import Part, quote
from services.gateway.orders.reader import Data, Reader


def _part_added(reader: Reader, data: Data) -> Parts:
    return [
        Part(_("Part"), data["sub_number"]),
        Part(_("Kind of work"), words.category(data["sub_kind"], data["sub_category"])),
        quote(_("Description"), data["description"]) if reader.staff else None,
    ]


def _part_finished(reader: Reader, data: Data) -> Parts:
    state = words.state(data["sub_state"], "waiting", staff=True)
    return [
        Part(_("Part"), data["sub_number"]),
        Part(_("State"), state) if reader.staff and data["sub_state"] != "repaired" else None,
        Part(_("Still to be finished"), formats.number(data["left"])) if data["left"] else None,
    ]


def _merged(reader: Reader, data: Data) -> Parts:
    return [Part(_("The other one"), data["into_number"])]


LOOKS: dict[str, Look] = {
    "WorkOrderSubOrderAdded": (
        "plus",
        "dispatched",
        both(Words(_l("Another trade is needed"), _l("Part added"))),
        _part_added,
    ),
    "WorkOrderSubOrderFinished": (
        "check",
        "repaired",
        both(Words(_l("A part of the work is finished"), _l("Part finished"))),
        _part_finished,
    ),
    "WorkOrderMerged": (
        "merge",
        "cancelled",
        both(Words(_l("Seen to together with another report"), _l("Merged into another order"))),
        _merged,
    ),
    "WorkOrderUnmerged": (
        "undo",
        "submitted",
        both(Words(_l("Seen to on its own again"), _l("Unmerged"))),
        _merged,
    ),
}
