"""The words for the codes of the services, those for residents apart from those for staff."""

from __future__ import annotations

from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p


class Words(NamedTuple):
    """What residents read, and what staff read."""

    resident: Any
    staff: Any

    def for_(self, *, staff: bool) -> str:
        return str(self.staff if staff else self.resident)


KINDS = {"repair": _l("Repair"), "complaint": _l("Complaint")}
# what is answered, and never an order's kind
INQUIRY_KINDS = {
    "suggestion": _l("Suggestion"),
    "question": _l("Question"),
    "praise": _l("Praise"),
}

CATEGORIES: dict[str, dict[str, Any]] = {
    "repair": {
        "plumbing": _l("Plumbing"),
        "electrical": _l("Electrical"),
        "lift": _l("Lift"),
        "door_lock": _l("Doors and locks"),
        "heating": _l("Heating and cooling"),
        "wall_ceiling": _l("Walls and leaks"),
        "appliance": _l("Appliances"),
        "public_area": _l("Public areas"),
        "other": _l("Something else"),
    },
    "complaint": {
        "noise": _l("Noise"),
        "hygiene": _l("Hygiene"),
        "parking": _l("Parking"),
        "pets": _l("Pets"),
        "security": _l("Public order"),
        "staff": _l("Our staff"),
        "neighbour": _l("Neighbours"),
        "other": _l("Something else"),
    },
}

# a state, or "<state>.<activity>" where what is being done makes a difference
STATES = {
    "submitted": Words(_p("resident", "Received"), _p("staff", "To be dispatched")),
    "submitted.paused": Words(_p("resident", "Put off"), _p("staff", "Put off")),
    "dispatched": Words(_p("resident", "Technician assigned"), _p("staff", "Dispatched")),
    "dispatched.working": Words(_p("resident", "Being worked on"), _p("staff", "In progress")),
    "dispatched.paused": Words(_p("resident", "On hold"), _p("staff", "Paused")),
    "repaired": Words(_p("resident", "Done: please check"), _p("staff", "To be accepted")),
    "accepted": Words(_p("resident", "Accepted"), _p("staff", "Accepted")),
    "rated": Words(_p("resident", "Rated"), _p("staff", "Rated")),
    "cancelled": Words(_p("resident", "Withdrawn"), _p("staff", "Cancelled")),
    "declined": Words(_p("resident", "Not taken on"), _p("staff", "Declined")),
    "merged": Words(_p("resident", "Seen to together"), _p("staff", "Merged")),
}

TABS: dict[str, tuple[tuple[str, ...], Words]] = {
    "all": ((), Words(_p("orders", "All"), _p("orders", "All"))),
    "submitted": (("submitted",), STATES["submitted"]),
    "dispatched": (
        ("dispatched",),
        Words(_p("resident", "In hand"), _p("staff", "Dispatched")),
    ),
    "repaired": (("repaired",), Words(_p("resident", "To check"), _p("staff", "To be accepted"))),
    "accepted": (("accepted",), Words(_p("resident", "To rate"), _p("staff", "Accepted"))),
    "rated": (("rated",), Words(_p("resident", "Finished"), _p("staff", "Rated"))),
    "closed": (
        ("cancelled", "declined"),
        Words(_p("resident", "Closed"), _p("staff", "Cancelled or declined")),
    ),
}

INQUIRY_STATES = {
    "open": Words(_p("inquiry", "Received"), _p("inquiry", "To be answered")),
    "overdue": Words(_p("inquiry", "Received"), _p("inquiry", "Overdue")),
    "answered": Words(_p("inquiry", "Answered"), _p("inquiry", "Answered")),
    "converted": Words(_p("inquiry", "Being seen to"), _p("inquiry", "Made an order")),
}
# what each asks the service for
INQUIRY_TABS: dict[str, tuple[dict[str, Any], Words]] = {
    "all": ({}, Words(_p("orders", "All"), _p("orders", "All"))),
    "open": ({"state": "open"}, INQUIRY_STATES["open"]),
    "overdue": ({"overdue": True}, INQUIRY_STATES["overdue"]),
    "answered": ({"state": "answered"}, INQUIRY_STATES["answered"]),
    "converted": ({"state": "converted"}, INQUIRY_STATES["converted"]),
}

# the way of an order that goes well
PROGRESS = {
    "submitted": Words(_p("resident", "Received"), _p("staff", "Submitted")),
    "dispatched": Words(_p("resident", "In hand"), _p("staff", "Dispatched")),
    "repaired": Words(_p("resident", "Done"), _p("staff", "Done")),
    "accepted": Words(_p("resident", "Accepted"), _p("staff", "Accepted")),
    "rated": Words(_p("resident", "Rated"), _p("staff", "Rated")),
}

ROLES = {
    "resident": _l("Resident"),
    "committee": _l("Owners' committee"),
    "technician": _l("Technician"),
    "dispatcher": _l("Dispatcher"),
    "supervisor": _l("Supervisor"),
    "manager": _l("Manager"),
    "guard": _l("Guard"),
    "accountant": _l("Accountant"),
    "auditor": _l("Auditor"),
    "admin": _l("Administrator"),
    "service": _l("Service"),
}


class Try(NamedTuple):
    icon: str
    text: Any


# what somebody in a demo community can try
TO_TRY = {
    "resident": Try("home", _l("Report a leak; in the end accept the work and rate it.")),
    "dispatcher": Try("board", _l("Send a technician to what was reported.")),
    "technician": Try("wrench", _l("Start the work, and report it as done.")),
    "manager": Try("chart", _l("See how content people are, and where work gets stuck.")),
    "accountant": Try("bill", _l("See who owes what, and book a payment.")),
    "guard": Try("phone", _l("Take a call: find the caller, write down what they report.")),
    "committee": Try("chart", _l("See what became of what neighbours reported.")),
    "auditor": Try("search", _l("Follow what happened to an order, step by step.")),
    "admin": Try("user", _l("Register people and homes, give and end roles.")),
}

TENANCIES = {
    "owner": _l("Owner"),
    "tenant": _l("Tenant"),
    "occupant": _l("Occupant"),
}

CHANNELS = {
    "page": _l("Web page"),
    "qr": _l("QR code"),
    "phone": _l("Phone"),
    "counter": _l("At the counter"),
    "email": _l("E-mail"),
    "open311": _l("Open311"),
    "alarm": _l("Alarm"),
    "inspection": _l("Inspection"),
    "import": _l("Another system"),
}

PAUSE_REASONS = {
    "parts": _l("Waiting for parts"),
    "resident_absent": _l("Nobody at home"),
    "supplier": _l("Waiting for a supplier"),
    "other": _p("reason", "Another reason"),
}

PAYERS = {
    "owner": Words(_p("payer", "You"), _p("payer", "The owner")),
    "warranty": Words(_p("payer", "The warranty"), _p("payer", "The warranty")),
    "fund": Words(_p("payer", "The maintenance fund"), _p("payer", "The maintenance fund")),
    "company": Words(_p("payer", "The property company"), _p("payer", "The property company")),
}

# who decides on what is not for a single owner to pay
ANSWERERS = {
    "committee": _l("The owners' committee"),
    "manager": _l("A manager, for there was no owners' committee"),
}

QUOTE_LINES = {
    "material": _p("quote", "Material"),
    "labour": _p("quote", "Labour"),
}

QUOTE_STATES = {
    "open": _p("quote", "Waits for an answer"),
    "accepted": _p("quote", "Accepted"),
    "declined": _p("quote", "Declined"),
    "withdrawn": _p("quote", "Withdrawn"),
    "lapsed": _p("quote", "Lapsed"),
}
QUOTE_TONES = {
    "open": "submitted",
    "accepted": "accepted",
    "declined": "declined",
    "withdrawn": "cancelled",
    "lapsed": "cancelled",
}

# what may keep an order on hold, the date it was put off to among it
HOLD_REASONS = {**PAUSE_REASONS, "deferred": _l("Put off to a date")}
# why the time of a promise stands still
STOP_REASONS = {
    **HOLD_REASONS,
    "waiting_for_visit": _l("Waiting for the agreed visit"),
    "waiting_for_quote": _l("Waiting for the answer to the quote"),
}

PRIORITIES = {
    "urgent": _l("Urgent"),
    "high": _p("priority", "High"),
    "normal": _p("priority", "Normal"),
    "low": _p("priority", "Low"),
}

TARGETS = {
    "respond": Words(_p("target", "Assigned"), _l("Dispatch")),
    "arrive": Words(_p("target", "Visit"), _l("Arrival")),
    "repair": Words(_p("target", "Done"), _p("target", "Done")),
    "accept": Words(_p("target", "Your check"), _l("Acceptance")),
}

BILL_STATES = {
    "open": _l("To be paid"),
    "settled": _l("Paid"),
    "voided": _l("Not owed any more"),
}

PAYMENTS = {
    "cash": _l("Cash"),
    "wechat": _l("WeChat Pay"),
    "alipay": _l("Alipay"),
    "card": _l("Bank card"),
    "transfer": _l("Bank transfer"),
}

# who gets a report, by the dispatch mode of its category
MODES = {
    "assign": _l("A dispatcher reads it and sends somebody."),
    "automatic": _l("It is given at once to a technician on duty who can do it."),
    "grab": _l("The technicians see it at once, and one of them takes it."),
}

# what people can be skilled in: each a category of repairs
SKILLS = ("plumbing", "electrical", "lift", "door_lock", "heating", "wall_ceiling", "appliance")
SKILL_LEVELS = {1: _l("learning"), 2: _l("skilled"), 3: _l("expert")}

# why somebody was chosen where no dispatcher said so
CHOICE_REASONS = {
    "only_one": _l("Nobody else could be sent."),
    "best": _l("Nobody scored higher."),
    "best_for_all": _l(
        "Others scored higher, and were needed more for other orders of that moment."
    ),
    "grabbed": _l("They took it themselves."),
}

DECLINE_REASONS = {
    "not_ours": _l("Not ours to do"),
    "cannot": _l("Cannot be done"),
    "duplicate": _l("Reported already"),
}

STARS = {
    1: _l("Very poor"),
    2: _l("Poor"),
    3: _l("Fair"),
    4: _l("Good"),
    5: _l("Very good"),
}


def state(of: str, activity: str, *, staff: bool) -> str:
    words = STATES.get(f"{of}.{activity}") or STATES.get(of)
    return words.for_(staff=staff) if words is not None else of


def category(kind: str, code: str) -> str:
    """Imported orders keep the category of the system they came from, word for word."""
    return str(CATEGORIES.get(kind, {}).get(code, code))
