"""The words of follow-ups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

REASONS = {
    "low_rating": _l("Low rating"),
    "checked": _l("Checked by staff alone"),
    "sampled": _l("Chosen by lot"),
}
# what the form asks, with what it says to the service
ANSWERS: dict[str, tuple[Any, dict[str, Any]]] = {
    "satisfied": (_l("Satisfied"), {"outcome": "reached", "satisfied": True}),
    "not_satisfied": (_l("Not satisfied"), {"outcome": "reached", "satisfied": False}),
    "not_reached": (_l("Nobody reached"), {"outcome": "not_reached"}),
}


def answer_of(each: Mapping[str, Any]) -> Any:
    """What was answered, in words."""
    return next(
        label
        for label, said in ANSWERS.values()
        if said["outcome"] == each["outcome"] and said.get("satisfied") == each["satisfied"]
    )
