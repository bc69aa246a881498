"""Why something about a visit was not taken."""

from __future__ import annotations

from services.workorders.orders.domain.refusals import OrderRefused
from shared.errors import Conflict


class NoVisitOffered(OrderRefused):
    text = "No visit is on offer: none was offered, or one is agreed already."


class OfferReplaced(OrderRefused):
    text = "Other times are on offer now: look at those."


class VisitOver(OrderRefused):
    text = "This time is over: choose another, or ask for another."


class VisitTaken(OrderRefused):
    text = "This time is taken: choose another."


class TechnicianOnLeave(OrderRefused):
    text = "The technician is on leave at that time: choose another."


class TechnicianOffShift(OrderRefused):
    text = "The technician has no shift for the whole of that time: choose another."


class VisitNotSeen(Conflict):
    """The visit was agreed or moved a moment ago: look at it again."""


class NoVisitAgreed(OrderRefused):
    text = "No visit is agreed: a time has to be offered and chosen first."


class VisitAgreed(OrderRefused):
    text = "A visit is agreed already: move it."


class SameVisit(OrderRefused):
    text = "The visit is at this time already."


class VisitNotBegun(OrderRefused):
    text = "The visit's time has not begun: nobody can have missed it."


class VisitBegun(OrderRefused):
    text = "The visit's time has begun: move it to another time."


class VisitBeforeDate(OrderRefused):
    text = "A visit is agreed before that date: move it or call it off first."


class StillPutOff(OrderRefused):
    text = "The order is put off: choose a time from its date on, or resume it first."


class VisitReminded(OrderRefused):
    text = "Both sides were reminded of this visit already."


class VisitMovedSince(OrderRefused):
    text = "The visit is at another time now."
