"""The step cards of reporting, sending and working."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from services.gateway.frame import formats, words
from services.gateway.frame.words import Words
from services.gateway.orders import quoting_story as quotes
from services.gateway.orders.looks import Look, Parts, both, by_kind, nothing, said
from services.gateway.orders.parts import Part, photos, quote, signed
from services.gateway.orders.reader import Data, Reader


def _dispatched(reader: Reader, data: Data) -> str:
    name = reader.name(data["technician"], _("a technician"))
    if reader.staff:
        return _("Dispatched to %(name)s", name=name)
    return _("%(name)s will see to it", name=name)


def _transferred(reader: Reader, data: Data) -> str:
    name = reader.name(data["technician"], _("another technician"))
    if reader.staff:
        before = reader.name(data["from_technician"], _("a technician"))
        return _("Transferred from %(before)s to %(name)s", before=before, name=name)
    return _("%(name)s takes over", name=name)


def _why(reader: Reader, data: Data) -> Parts:
    """Why them: for staff, where a rule said so or they took it themselves."""
    choice = data.get("choice")
    if choice is None or not reader.staff:
        return []
    return [Part(_("Why this person"), str(words.CHOICE_REASONS[choice["reason"]]))]


def _description(reader: Reader, data: Data) -> Parts:
    taken, text = data["taken_by"], data["description"]
    # it stands above already, unless it was forgotten
    shown = text is not None and text == reader.order["description"]
    return [
        None if shown else quote(_("Description"), text),
        Part(_("Taken down by"), reader.who(taken)) if taken else None,
        # they stand above as well
        None
        if data["photos"] == reader.order.get("photos")
        else photos(_("Photos"), data["photos"]),
    ]


def _imported(reader: Reader, data: Data) -> Parts:
    return [
        quote(_("Description"), data["description"], needed=False),
        Part(_("From"), f"{data['source']} {data['source_id']}"),
        Part(_("Their status"), data["status"]),
    ]


def _priorities(reader: Reader, data: Data) -> Parts:
    return [
        Part(_("Priority"), str(words.PRIORITIES[data["priority"]])),
        Part(_("Before"), str(words.PRIORITIES[data["from_priority"]])),
    ]


def _paused(reader: Reader, data: Data) -> Parts:
    reason = str(words.PAUSE_REASONS.get(data["reason"], data["reason"]))
    return [
        Part(_("Reason"), reason),
        quote(_("Note"), data["note"], needed=data["reason"] == "other"),
    ]


def _reason_if_any(reader: Reader, data: Data) -> Parts:
    return [quote(_("Reason"), data["reason"], needed=False)]


def _repaired(reader: Reader, data: Data) -> Parts:
    return [
        quote(_("What was done"), data["notes"]),
        Part(_("Time spent"), formats.minutes(data["minutes"])) if data["minutes"] else None,
        Part(_("Material"), [_material(reader, each) for each in data["materials"]], "list")
        if data["materials"]
        else None,
        quotes.charge(data, staff=reader.staff) if data["charge_fen"] else None,
        # what was told before there were such photos has none
        photos(_("Photos before"), data.get("photos_before")),
        signed(data),
        photos(_("Photos after"), data["photos"]),
    ]


def _material(reader: Reader, material: Data) -> str:
    told = f"{material['name']} × {formats.number(material['quantity'])}"
    if not reader.staff:
        return told
    return f"{told} ({formats.money(material['unit_cost_fen'])})"


LOOKS: dict[str, Look] = {
    "WorkOrderSubmitted": (
        "inbox",
        "submitted",
        by_kind(
            Words(_l("Report received"), _l("Submitted")),
            Words(_l("Complaint received"), _l("Submitted")),
        ),
        _description,
    ),
    "WorkOrderImported": ("import", "submitted", _l("Taken over from another system"), _imported),
    "WorkOrderPrioritised": (
        "flag",
        "submitted",
        both(Words(_l("Looked at how urgent it is"), _l("Priority changed"))),
        _priorities,
    ),
    "WorkOrderDispatched": ("user", "dispatched", _dispatched, _why),
    "WorkOrderStarted": (
        "play",
        "dispatched",
        both(Words(_l("Work has begun"), _l("Started"))),
        nothing,
    ),
    "WorkOrderPaused": (
        "pause",
        "submitted",
        both(Words(_l("Work is on hold"), _l("Paused"))),
        _paused,
    ),
    "WorkOrderResumed": (
        "play",
        "dispatched",
        both(Words(_l("Work goes on"), _l("Resumed"))),
        nothing,
    ),
    "WorkOrderHandedBack": (
        "undo",
        "submitted",
        both(Words(_l("Another technician is being found"), _l("Handed back"))),
        said(_l("Reason"), "reason"),
    ),
    "WorkOrderTransferred": ("swap", "dispatched", _transferred, _reason_if_any),
    "WorkOrderRepaired": (
        "wrench",
        "repaired",
        by_kind(
            Words(_l("The work is done"), _l("Reported as done")),
            Words(_l("It has been seen to"), _l("Reported as done")),
        ),
        _repaired,
    ),
}
