"""Why a command was not taken. Each carries ``allowed``: what this caller could do now instead."""

from __future__ import annotations

from typing import ClassVar

from services.workorders.orders.domain.vocabulary import State
from shared.errors import Forbidden, NotFound, Refused


class NoSuchOrder(NotFound):
    text: ClassVar[str] = "There is no such order."


class NotYourRole(Forbidden):
    """None of the caller's roles at the order's place may do this."""


class NotYourOrder(Forbidden):
    """The role would do, but it is not the caller's own order or assignment."""


class MayNotClaimTime(Forbidden):
    """Only those who work offline or bring in the past may say when something happened."""


class MayNotPrioritise(Forbidden):
    """Only those who dispatch, and services, may say how urgent something is."""


class OrderRefused(Refused):
    """A rule of the order's lifecycle; ``text`` tells people which and what to do."""

    text: ClassVar[str]


class OrderExists(OrderRefused):
    text = "This order exists already."


class NotYetDispatched(OrderRefused):
    text = "No technician has been sent yet: the order must be dispatched first."


class NotYetRepaired(OrderRefused):
    text = "The order is not repaired yet: wait for the technician to report it."


class NotYetAccepted(OrderRefused):
    text = "The repair has not been accepted yet: it must be accepted first."


class NotYetRated(OrderRefused):
    text = "The order has not been rated, so there is nothing to answer."


class NotDeclined(OrderRefused):
    text = "The order was not declined, so there is nothing to appeal against."


class AlreadyDispatched(OrderRefused):
    text = "A technician was sent already: transfer the order to send another."


class AlreadyRepaired(OrderRefused):
    text = "The order is repaired already and waits to be accepted or rejected."


class AlreadyAccepted(OrderRefused):
    text = "The repair was accepted already: reopen the order if something is still wrong."


class AlreadyRated(OrderRefused):
    text = "The order was rated already: reopen it if something is still wrong."


class OrderCancelled(OrderRefused):
    text = "The order was cancelled: submit a new one."


class OrderDeclined(OrderRefused):
    text = "The order was declined: appeal, and it is looked at again."


class WorkBegun(OrderRefused):
    text = "Work on the order has begun: ask the dispatcher."


class OrderPaused(OrderRefused):
    text = "The order is paused: resume it first."


class NotPaused(OrderRefused):
    text = "The order is not paused."


class OwnWork(OrderRefused):
    text = "Nobody judges their own work: ask a supervisor or manager to check it."


class NoAccepter(OrderRefused):
    text = "The order was imported and has no accepter: nobody can accept, reject or rate it."


class CheckedByStaff(OrderRefused):
    text = "Staff checked the work in the resident's place, so there is nothing to rate."


class WindowClosed(OrderRefused):
    text = "The time to reopen the order is over: report it again."


class AlreadyReminded(OrderRefused):
    text = "The accepter was reminded of this repair already."


class NotReminded(OrderRefused):
    text = "The accepter has not been reminded of this repair yet: remind them first."


class CheckRequested(OrderRefused):
    text = "Staff were asked to check this repair already."


class AlreadyAssigned(OrderRefused):
    text = "This technician has the order already: name another."


class SamePriority(OrderRefused):
    text = "The order has this priority already: name another."


class NotCertified(OrderRefused):
    text = "The certificate that this work takes is missing or has expired: name another."


class StillReopenable(OrderRefused):
    text = "It was accepted a short while ago: reopen the order, and it goes on."


class IsSubOrder(OrderRefused):
    text = "It is a part of another order: parts have no parts, and are not merged."


class SubOrdersOpen(OrderRefused):
    text = "Parts of the order are not finished yet: finish or decline them first."


class NoOpenSubOrder(OrderRefused):
    text = "The order has no such part that is to be finished."


class ChargedWithParent(OrderRefused):
    text = "A part is charged with its order: put the quote there."


class OrderMerged(OrderRefused):
    text = "The order is merged into another: it is seen to there, or unmerge it."


class NotMerged(OrderRefused):
    text = "The order is not merged into another."


class MergeCircle(OrderRefused):
    text = "That order is merged into this one already: they would go round in a circle."


class MergeTargetClosed(OrderRefused):
    text = "Nothing is to be done about that order any more: name one that is open."


class ComplaintsAreFree(OrderRefused):
    text = "A complaint is never charged: leave the charge at 0."


NOT_YET: dict[State, type[OrderRefused]] = {
    "dispatched": NotYetDispatched,
    "repaired": NotYetRepaired,
    "accepted": NotYetAccepted,
    "rated": NotYetRated,
}

ALREADY: dict[State, type[OrderRefused]] = {
    "dispatched": AlreadyDispatched,
    "repaired": AlreadyRepaired,
    "accepted": AlreadyAccepted,
    "rated": AlreadyRated,
    "cancelled": OrderCancelled,
    "declined": OrderDeclined,
}
