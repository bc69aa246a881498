"""What can be reported. Codes only; pages have the words."""

from __future__ import annotations

from services.workorders.orders.domain.vocabulary import Kind

CATEGORIES: dict[Kind, tuple[str, ...]] = {
    "repair": (
        "plumbing",
        "electrical",
        "lift",
        "door_lock",
        "heating",
        "wall_ceiling",
        "appliance",
        "public_area",
        "other",
    ),
    "complaint": (
        "noise",
        "hygiene",
        "parking",
        "pets",
        "security",
        "staff",
        "neighbour",
        "other",
    ),
}
