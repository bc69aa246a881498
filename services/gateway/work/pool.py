"""What a technician may take: the orders that wait and are dispatched to nobody."""

from __future__ import annotations

from typing import Any, NamedTuple

from services.gateway.frame import formats
from services.gateway.frame.communities import held
from services.gateway.frame.edge import edge
from services.gateway.orders import places
from services.gateway.sessions.calls import ask
from services.gateway.sessions.visitor import Visitor
from shared.errors import WuyeError
from shared.messaging.rpc_client import Reply

Data = dict[str, Any]
MOST_COMMUNITIES = 10
TECHNICIAN = frozenset({"technician"})


class Pool(NamedTuple):
    """``missing``: whether some of it could not be had just now."""

    orders: list[Data]
    missing: bool


def asked(who: Visitor) -> list[Reply | None]:
    """Of each community where they are a technician; the answers come while others are awaited."""
    return [_ask(community) for community in held(who, TECHNICIAN)[:MOST_COMMUNITIES]]


def orders(replies: list[Reply | None]) -> Pool:
    """The longest waiting first."""
    found: list[Data] = []
    missing = False
    for reply in replies:
        try:
            if reply is None:
                missing = True
            else:
                found += reply.result()["orders"]
        except WuyeError:
            missing = True
    return Pool(sorted(map(_shown, found), key=lambda order: order["submitted_at"]), missing)


def _ask(community: str) -> Reply | None:
    try:
        return ask("workorders", "pool", {"community": community})
    except WuyeError:
        return None


def _shown(order: Data) -> Data:
    directory = edge().directory
    community = directory.community(order["id"].partition(".")[0])
    return {
        **order,
        "community": community.id,
        "zone": community.zone,
        "place": places.label(directory, order),
        "submitted_at": formats.when(order["submitted_at"]),
    }
