"""Who may see an order: those it concerns, and the staff of its place."""

from __future__ import annotations

from services.workorders.orders.domain.state import Order
from services.workorders.orders.domain.vocabulary import COMMITTEE
from shared.identity.caller import Caller

SEES_ALL = ("dispatcher", "supervisor", "manager", "auditor", "admin", "service")


def concerns(caller: Caller, order: Order) -> bool:
    return caller.person in (order.reporter, order.accepter, order.technician, *order.repairers)


def may_see(caller: Caller, order: Order) -> bool:
    """The owners' committee sees what the fund is to pay."""
    roles = caller.roles(order.community, order.building)
    return takes_part(caller, order) or (of_the_fund(order) and not roles.isdisjoint(COMMITTEE))


def takes_part(caller: Caller, order: Order) -> bool:
    """Whether what is said beside the order is for them too."""
    roles = caller.roles(order.community, order.building)
    return concerns(caller, order) or not roles.isdisjoint(SEES_ALL)


def of_the_fund(order: Order) -> bool:
    """Whether the maintenance fund is to pay, or has agreed to."""
    return any(one is not None and one.payer == "fund" for one in (order.quote, order.agreed))


def knows_of(caller: Caller, order: Order) -> bool:
    """Whether a refusal may admit that the order exists: not to people of other communities."""
    return may_see(caller, order) or any(
        post.community in (order.community, "*") for post in caller.posts
    )
