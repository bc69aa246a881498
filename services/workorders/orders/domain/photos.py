"""Photos that a report of the work does not do without, by the rules of its community."""

from __future__ import annotations

from services.workorders.orders.domain.commands import Repair
from services.workorders.orders.domain.state import Order
from shared.errors import Invalid

MISSING = {
    "photos": "This category takes a photo of the finished work.",
    "photos_before": "This category takes a photo of how it was found.",
}
# nobody stands there with a phone
EXEMPT = ("alarm", "import")


class PhotoMissing(Invalid):
    """The category takes a photo, and none was attached; ``fields`` says of what."""


def check(command: Repair, state: Order) -> None:
    """Raises ``PhotoMissing``. What was reported with photos shows how it was found."""
    if state.channel in EXEMPT:
        return
    given = {
        "photos": bool(command.photos),
        "photos_before": bool(command.photos_before) or state.photographed,
    }
    missing = [name for name, had in given.items() if name in command.photos_needed and not had]
    if missing:
        raise PhotoMissing(
            "A photo is missing that this category takes.",
            fields={name: [MISSING[name]] for name in missing},
        )
