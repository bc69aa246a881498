"""The step cards of accepting, rating and declining, and of opening again."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from services.gateway.frame import words
from services.gateway.frame.words import Words
from services.gateway.orders import quoting_story as quotes
from services.gateway.orders.looks import Look, Parts, both, nothing, said
from services.gateway.orders.parts import Part, quote, signed
from services.gateway.orders.reader import Data, Reader


def _accepted(reader: Reader, data: Data) -> str:
    if data["checked"]:
        return _("Checked by staff")
    if reader.staff:
        return _("Accepted")
    return _("Confirmed: settled")


def _answered(reader: Reader, data: Data) -> str:
    if reader.staff:
        return _("Answer to the rating revised") if data["revised"] else _("Rating answered")
    return _("The property office answers your rating")


def _charged(reader: Reader, data: Data) -> Parts:
    owed = data["charge_fen"] and not data["checked"]
    return [
        quotes.charge(data, staff=reader.staff) if owed else None,
        quote(_("Found"), data["note"], needed=False),
        signed(data),
    ]


def _declined(reader: Reader, data: Data) -> Parts:
    reason = str(words.DECLINE_REASONS.get(data["reason"], data["reason"]))
    return [Part(_("Reason"), reason), quote(_("Note"), data["note"])]


def _rated(reader: Reader, data: Data) -> Parts:
    return [
        Part(_("Overall"), data["stars"], "stars"),
        Part(_("Speed"), data["speed"], "stars") if data["speed"] else None,
        Part(_("Attitude"), data["attitude"], "stars") if data["attitude"] else None,
        quote(_("Comment"), data["comment"], needed=False),
    ]


LOOKS: dict[str, Look] = {
    "WorkOrderAccepted": ("check", "accepted", _accepted, _charged),
    "WorkOrderRejected": (
        "undo",
        "declined",
        both(Words(_l("Not settled: it is seen to again"), _l("Rejected"))),
        said(_l("What is still wrong"), "reason"),
    ),
    "WorkOrderDeclined": (
        "ban",
        "declined",
        both(Words(_l("We cannot take this on"), _l("Declined"))),
        _declined,
    ),
    "WorkOrderAppealed": (
        "flag",
        "submitted",
        both(Words(_l("Asked to look at it again"), _l("Appealed"))),
        said(_l("Why"), "text"),
    ),
    "WorkOrderRated": ("star", "rated", _l("Rated"), _rated),
    "WorkOrderRatingAnswered": ("inbox", "rated", _answered, said(_l("Answer"), "text")),
    "WorkOrderCancelled": (
        "ban",
        "cancelled",
        both(Words(_l("Report withdrawn"), _l("Cancelled"))),
        nothing,
    ),
    "WorkOrderReopened": (
        "undo",
        "dispatched",
        _l("Opened again"),
        said(_l("What is wrong"), "reason"),
    ),
    "WorkOrderReminded": (
        "bell",
        "repaired",
        both(Words(_l("Reminder to check the work"), _l("Accepter reminded"))),
        nothing,
    ),
    "WorkOrderCheckRequested": (
        "search",
        "repaired",
        both(Words(_l("Our staff look at the work"), _l("No answer: to be checked by staff"))),
        nothing,
    ),
}
