"""What an order is tied to, as its page shows it."""

from __future__ import annotations

from typing import Any

from services.gateway.frame.forms import Form
from services.gateway.orders.typed import NEEDED
from services.gateway.sessions.calls import query
from shared.errors import Busy, Invalid, NotFound, TimedOut, Unavailable

Data = dict[str, Any]
_SINGLE = ("merged_into", "part_of", "follows_up")
_LISTS = ("sub_orders", "merged", "followed_up_by")


def of(order: Data) -> Data | None:
    """None where it cannot be had now."""
    try:
        return query("workorders", "links", {"id": order["id"]})
    except (Busy, NotFound, TimedOut, Unavailable):
        return None


def all_of(links: Data | None) -> list[Data]:
    """Every order that is shown."""
    if links is None:
        return []
    single = [links[name] for name in _SINGLE if links[name]]
    return single + [one for name in _LISTS for one in links[name]]


def mark(links: Data | None) -> str:
    return ",".join(
        f"{one['number']}{one['state']}{one['activity']}{one['technician']}"
        for one in all_of(links)
    )


def people(links: Data | None) -> set[str]:
    return {one["technician"] for one in all_of(links) if one["technician"]}


def likely(order: Data) -> list[Data]:
    """Open orders that are likely about the same, the likeliest first."""
    try:
        found: list[Data] = query("workorders", "duplicates", {"id": order["id"]})["duplicates"]
        return found
    except (Busy, NotFound, TimedOut, Unavailable):
        return []


def other(community: str, form: Form) -> Data:
    """The id of the order that another is merged into, by the number people know it by."""
    if form.name != "merge":
        return {}
    number = form.text("into").strip() or form.text("likely")
    if not number:
        raise Invalid("A field is empty.", fields={"into": [NEEDED]})
    ask = {"community": community, "number": number[:30]}
    try:
        return {"into": query("workorders", "get", ask)["id"]}
    except NotFound:
        text = "is no order of this community"
        raise Invalid("No such order.", fields={"into": [text]}) from None
