"""How often what is reported, how long it takes, who can do it, and what befalls it."""

from __future__ import annotations

CATEGORIES: dict[str, dict[str, int]] = {
    "repair": {
        "plumbing": 30, "electrical": 17, "lift": 8, "door_lock": 10, "heating": 8,
        "wall_ceiling": 8, "appliance": 8, "public_area": 7, "other": 4,
    },
    "complaint": {
        "noise": 30, "hygiene": 18, "parking": 18, "pets": 10, "security": 9, "staff": 7,
        "neighbour": 8,
    },
}  # fmt: skip
MINUTES = {
    "plumbing": (25, 90), "electrical": (20, 75), "lift": (60, 150), "door_lock": (20, 50),
    "heating": (30, 90), "wall_ceiling": (60, 150), "appliance": (25, 70),
    "public_area": (20, 60),
}  # fmt: skip
COMPLAINT_MINUTES = (15, 45)
# the first one named is preferred, the others help out when that one is busy for long
SKILLED: dict[str, tuple[str, ...]] = {
    "plumbing": ("technician1", "technician2"),
    "heating": ("technician1",),
    "appliance": ("technician1", "technician3"),
    "electrical": ("technician2",),
    "lift": ("technician2",),
    "door_lock": ("technician2", "technician3"),
}
ANYBODY = ("technician3", "technician1", "technician2")
# what a time is agreed for, and what can wait for another day
BY_APPOINTMENT = frozenset({"plumbing", "heating", "wall_ceiling", "appliance", "door_lock"})
DEFERRABLE = BY_APPOINTMENT | {"public_area", "other"}
# each with the language they write in
TECHNICIANS = {"technician1": "zh-CN", "technician2": "zh-CN", "technician3": "en"}
CHANNELS = {"page": 50, "qr": 14, "phone": 19, "counter": 9, "email": 5, "inspection": 6}
AT_THE_DESK = ("phone", "counter", "email")
# what befalls an order; the rest goes its way
FATES = {
    "smooth": 50, "rejected": 11, "cancelled": 7, "declined": 6, "paused": 11, "handed_back": 5,
    "transferred": 5, "reopened": 5,
}  # fmt: skip
# ratings of so many stars or fewer are followed up
LOW_STARS = 2
