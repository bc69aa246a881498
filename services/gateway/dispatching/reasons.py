"""The words for how orders are given out, and for why somebody was sent or was not."""

from __future__ import annotations

from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p


class Explained(NamedTuple):
    label: Any
    text: Any


MODES = {
    "assign": Explained(_l("Assigned"), _l("A dispatcher says who goes.")),
    "grab": Explained(
        _l("Grabbed"), _l("Technicians take it from the pool; the first one has it.")
    ),
    "automatic": Explained(
        _l("Automatic"), _l("Given out by itself, a moment after it came, by what counts below.")
    ),
}

PARTS = {
    "skill": Explained(_p("part", "Skill"), _l("How good they are at it.")),
    "load": Explained(_p("part", "Free hands"), _l("How little they have in hand.")),
    "distance": Explained(_p("part", "Nearness"), _l("How near they worked last.")),
    "urgency": Explained(_p("part", "Urgency"), _l("How much of the promised time is used up.")),
    "fairness": Explained(_p("part", "Fairness"), _l("How little they were given in 30 days.")),
}

EXCLUDED = {
    "not_here": _l("does not work at that place"),
    "no_skill": _l("does not have the skill"),
    "not_certified": _l("no valid certificate"),
    "off_shift": _l("not on shift"),
    "on_leave": _l("on leave"),
    "full": _l("has enough in hand"),
    "booked": _l("has a visit then"),
}
