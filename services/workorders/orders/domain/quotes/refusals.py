"""Why something about a quote was not taken."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from services.workorders.orders.domain.refusals import OrderRefused

if TYPE_CHECKING:
    from services.workorders.orders.domain.state import Order


class NoQuote(OrderRefused):
    text = "Nothing was quoted for this order."


class NoSuchQuote(OrderRefused):
    text = "The order has no quote of this number."


class QuoteAlreadyAccepted(OrderRefused):
    text = "This quote was accepted already."


class QuoteAlreadyDeclined(OrderRefused):
    text = "This quote was declined already: another must be put."


class QuoteWithdrawn(OrderRefused):
    text = "This quote was withdrawn: it is not on offer any more."


class QuoteReplaced(OrderRefused):
    text = "A later quote took the place of this one: look at that one."


class QuoteLapsed(OrderRefused):
    text = "This quote has lapsed: its time is over, and another must be put."


class QuoteStillValid(OrderRefused):
    text = "This quote has not lapsed yet."


class QuoteUnanswered(OrderRefused):
    text = "A quote waits for its answer: work goes on once it is answered or withdrawn."


class OwnQuote(OrderRefused):
    text = "Nobody answers their own quote, nor takes down the answer: ask somebody else."


class OwnOrder(OrderRefused):
    text = "Who does the work does not take down what the resident says to its price."


class OwnAnswer(OrderRefused):
    text = "Answer your own quote yourself: this is for what others said."


class NoAnswerTaken(OrderRefused):
    text = "No answer that was taken down can be objected to: none was, or its time is over."


class AnswerTaken(OrderRefused):
    text = "The resident may still object to what was taken down: work begins once they confirm."


class NothingAgreed(OrderRefused):
    text = "Nothing may be charged that nobody agreed to: put a quote first."


class MoreThanQuoted(OrderRefused):
    text = "This is more than the accepted quote: put a revised one first."


class NobodyToAnswer(OrderRefused):
    text = (
        "Nobody else at the place may answer this quote: choose another payer, let a colleague put "
        "it, or have somebody else named who may answer."
    )


class PayerFixed(OrderRefused):
    text = "What was charged already is for another payer: that one pays for the rest as well."


_ANSWERED: dict[str, type[OrderRefused]] = {
    "accepted": QuoteAlreadyAccepted,
    "declined": QuoteAlreadyDeclined,
    "withdrawn": QuoteWithdrawn,
    "lapsed": QuoteLapsed,
    "open": QuoteStillValid,
}


def why_not(number: int, state: Order, at: datetime) -> type[OrderRefused]:
    """Why nothing can be done about the quote of this number now."""
    last = state.quote
    if last is None:
        return NoQuote
    if number > last.number:
        return NoSuchQuote
    if state.agreed is not None and number == state.agreed.number:
        return QuoteAlreadyAccepted
    return QuoteReplaced if number < last.number else _ANSWERED[last.standing(at)]
