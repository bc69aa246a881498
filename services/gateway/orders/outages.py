"""The outage that an order is about, if one is known of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.gateway.sessions.calls import query
from shared.errors import WuyeError

Data = Mapping[str, Any]


def known(order: Data) -> Data | None:
    """The open incident of an unfinished order's place and category; None where none is known."""
    if order["state"] not in ("submitted", "dispatched") or order["building"] is None:
        return None
    community = order["id"].partition(".")[0]
    try:
        found = query("workorders", "incidents", {"community": community})["incidents"]
    except WuyeError:
        return None
    about = (order["kind"], order["category"])
    for one in found:
        if (one["kind"], one["category"]) == about and order["building"] in one["buildings"]:
            incident: Data = one
            return incident
    return None
