"""What people can do to an order: each command's form, read into the command's request."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from services.gateway.frame.forms import Form
from services.gateway.orders import deferring, quoting, visiting
from services.gateway.orders.act import Act
from services.gateway.orders.act import words as _words
from services.gateway.orders.typed import fen as _fen
from services.gateway.orders.typed import needed, whole
from services.gateway.orders.typed import optional as _optional
from services.gateway.uploads.taking import FIELDS, KEPT, SIGNATURE

Request = dict[str, Any]
# blank rows for materials in the form
MATERIAL_ROWS = 3


def _nothing(_: Form) -> Request:
    return {}


def _reason(form: Form) -> Request:
    return {"reason": needed(form, "reason")}


def _technician(form: Form) -> Request:
    return {"technician": needed(form, "technician")}


def _transfer(form: Form) -> Request:
    return {**_technician(form), "reason": _optional(form, "reason")}


def _accept(form: Form) -> Request:
    note = _optional(form, "note")
    return {**({} if note is None else {"note": note}), **_signature(form)}


def _pause(form: Form) -> Request:
    return {"reason": needed(form, "reason"), "note": _optional(form, "note")}


def _priority(form: Form) -> Request:
    return {"priority": needed(form, "priority")}


def _repair(form: Form) -> Request:
    return {
        "notes": needed(form, "notes"),
        "minutes": whole(form.text("minutes"), "minutes", 0),
        "charge_fen": _fen(form.text("charge"), "charge_fen"),
        "materials": _materials(form),
        **{name: form.texts(KEPT + name) for name in FIELDS},
        **_signature(form),
    }


def _signature(form: Form) -> Request:
    """The one drawn last."""
    kept = form.texts(KEPT + SIGNATURE)
    return {SIGNATURE: kept[-1]} if kept else {}


def _materials(form: Form) -> list[Request]:
    rows = zip(
        form.texts("material_name"),
        form.texts("material_quantity"),
        form.texts("material_cost"),
        strict=False,
    )
    return [
        {
            "name": name,
            "quantity": whole(quantity, f"materials.{at}", 1),
            "unit_cost_fen": _fen(cost, f"materials.{at}"),
        }
        for at, (name, quantity, cost) in enumerate(rows)
        if name.strip()
    ]


def _decline(form: Form) -> Request:
    return {"reason": needed(form, "reason"), "note": needed(form, "note")}


def _text(form: Form) -> Request:
    return {"text": needed(form, "text")}


def _part(form: Form) -> Request:
    kind, _, category = needed(form, "category").partition(".")
    asked = {"kind": kind, "category": category, "description": needed(form, "description")}
    priority = _optional(form, "priority")
    return asked if priority is None else {**asked, "priority": priority}


def _again(form: Form) -> Request:
    return {"description": needed(form, "description"), "photos": form.texts(KEPT + "photos")}


def rating_with_acceptance(form: Form) -> Request | None:
    """The rating that somebody gives while they accept, if they give one."""
    given = any(form.text(name).strip() for name in ("stars", "speed", "attitude", "comment"))
    return _rate(form) if form.name == "accept" and given else None


def _rate(form: Form) -> Request:
    stars = whole(needed(form, "stars"), "stars", 0)
    given = {name: form.text(name) for name in ("speed", "attitude") if form.text(name)}
    return {
        "stars": stars,
        **{name: whole(value, name, 0) for name, value in given.items()},
        "comment": _optional(form, "comment"),
    }


# What is put before people at once; the rest waits behind a button.
NEXT_STEPS = (
    "confirm_quote_answer",
    "accept_quote",
    "choose_visit",
    "accept",
    "rate",
    "dispatch",
    "start",
    "resume",
    "repair",
    "appeal",
)

# The first of them that is allowed is the order's next step.
ACTS: dict[str, Act] = {
    **quoting.ANSWERS,
    **visiting.ANSWERS,
    "accept": Act(
        "check",
        _words(_l("Yes, it is settled"), _l("Accept the work")),
        _words(_l("Is it settled?"), _l("Check the work")),
        _l("Thank you: accepted."),
        _accept,
        photos=(SIGNATURE,),
    ),
    "rate": Act(
        "star",
        _words(_l("Send the rating")),
        _words(_l("How did we do?")),
        _l("Thank you for your rating."),
        _rate,
    ),
    "dispatch": Act(
        "user", _words(_l("Dispatch")), _words(_l("Who goes?")), _l("Dispatched."), _technician
    ),
    "start": Act(
        "play",
        _words(_l("Start work")),
        _words(_l("Ready to begin?")),
        _l("Work has begun."),
        _nothing,
    ),
    "resume": Act(
        "play", _words(_l("Resume")), _words(_l("Can it go on?")), _l("Work goes on."), _nothing
    ),
    "repair": Act(
        "wrench",
        _words(_l("Report as done")),
        _words(_l("Is it done?")),
        _l("Reported as done. It waits to be accepted."),
        _repair,
        photos=(*FIELDS, SIGNATURE),
    ),
    "appeal": Act(
        "flag",
        _words(_l("Ask to look at it again")),
        _words(_l("Do you see it otherwise?")),
        _l("It will be looked at again."),
        _text,
    ),
    "answer_rating": Act(
        "inbox",
        _words(_l("Answer the rating")),
        _words(_l("What do you say to the rating?")),
        _l("The resident is told your answer."),
        _text,
    ),
    "reject": Act(
        "undo",
        _words(_l("No, it is not settled"), _l("Reject the work")),
        _words(_l("Is something still wrong?")),
        _l("Thank you for telling: it will be seen to again."),
        _reason,
    ),
    "reopen": Act(
        "undo",
        _words(_l("Open it again")),
        _words(_l("Is something wrong again?")),
        _l("It is open again."),
        _reason,
    ),
    **quoting.ACTS,
    **visiting.ACTS,
    **deferring.ACTS,
    "pause": Act(
        "pause", _words(_l("Pause")), _words(_l("Does it have to wait?")), _l("Paused."), _pause
    ),
    "transfer": Act(
        "swap",
        _words(_l("Transfer")),
        _words(_l("Should somebody else go?")),
        _l("Transferred."),
        _transfer,
    ),
    "prioritise": Act(
        "flag",
        _words(_l("Change the priority")),
        _words(_l("How urgent is it?")),
        _l("The priority is changed."),
        _priority,
    ),
    "hand_back": Act(
        "undo",
        _words(_l("Hand back")),
        _words(_l("Can you not do it?")),
        _l("Handed back to the dispatcher."),
        _reason,
    ),
    "report_again": Act(
        "undo",
        _words(_l("Not fixed: report it again"), _l("Report it again")),
        _words(_l("Is it there again?")),
        _l("Reported again."),
        _again,
        photos=("photos",),
    ),
    "add_sub_order": Act(
        "plus",
        _words(_l("Add a part for another trade")),
        _words(_l("Does it take another trade?")),
        _l("The part is added."),
        _part,
    ),
    "merge": Act(
        "merge",
        _words(_l("Merge into another order")),
        _words(_l("Is it reported already?")),
        _l("Merged. Its reporter follows the other order."),
        _nothing,
    ),
    "unmerge": Act(
        "undo",
        _words(_l("Unmerge")),
        _words(_l("Is it something else after all?")),
        _l("Unmerged: it is back where it was."),
        _nothing,
    ),
    "decline": Act(
        "ban",
        _words(_l("Decline")),
        _words(_l("Can it not be taken on?")),
        _l("Declined. The resident can appeal."),
        _decline,
        danger=True,
    ),
    "cancel": Act(
        "ban",
        _words(_l("Withdraw the report"), _l("Cancel the order")),
        _words(_l("Is it no longer needed?")),
        _l("Withdrawn."),
        _nothing,
        danger=True,
    ),
}
