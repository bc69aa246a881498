"""What a quote says, and whether it still waits for its answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal, get_args

from msgspec import Struct

from services.workorders.orders.domain import values

Payer = Literal["owner", "warranty", "fund", "company"]
LineKind = Literal["material", "labour"]
QuoteState = Literal["open", "accepted", "declined", "withdrawn", "lapsed"]

# who says yes or no to it
Answerer = Literal["resident", "committee", "manager"]
Answered = Literal["accepted", "declined"]

PAYERS: tuple[Payer, ...] = get_args(Payer)
LINE_KINDS: tuple[LineKind, ...] = get_args(LineKind)
QUOTE_STATES: tuple[QuoteState, ...] = get_args(QuoteState)

ANSWERERS: tuple[Answerer, ...] = get_args(Answerer)

MOST_LINES = 50
# after staff took down what a resident said: to object, and no work begins meanwhile
OBJECT_WITHIN = timedelta(hours=1)
LONGEST_VALID = timedelta(days=366)


class QuoteLine(Struct, frozen=True, kw_only=True):
    """``quantity`` pieces or hours at ``unit_fen`` each."""

    kind: LineKind
    what: str
    quantity: int
    unit_fen: int


class Quote(Struct, frozen=True, kw_only=True):
    """What ``decide`` needs of a quote; its lines stand in its event.

    ``number`` counts the quotes of one order. ``by`` put it, ``put_at``. ``state`` as recorded: an
    open one has lapsed at ``valid_until``, whether that was recorded or not. ``answerer``: None of
    those that are older than committees.
    """

    number: int
    payer: Payer
    total_fen: int
    valid_until: datetime
    by: str
    state: QuoteState = "open"
    answerer: Answerer | None = None
    put_at: datetime | None = None

    @property
    def answered_by(self) -> Answerer:
        return self.answerer or ("resident" if self.payer == "owner" else "manager")

    def standing(self, at: datetime) -> QuoteState:
        """Its state as it is at a moment."""
        return "lapsed" if self.state == "open" and at >= self.valid_until else self.state


class TakenAnswer(Struct, frozen=True, kw_only=True):
    """What staff took down that the resident ``said_by`` said to a quote: they may object
    ``until`` then. ``agreed_before``: the quote that held before it.
    """

    quote: int
    answer: Answered
    said_by: str
    until: datetime
    agreed_before: Quote | None = None


def lines(given: Sequence[QuoteLine]) -> tuple[QuoteLine, ...]:
    """The lines, if they are some. Raises ``Invalid``."""
    if not 1 <= len(given) <= MOST_LINES:
        raise values.invalid("lines", f"Give 1 to {MOST_LINES} lines.")
    for index, each in enumerate(given):
        name = f"lines.{index}"
        values.one_of(each.kind, LINE_KINDS, f"{name}.kind")
        values.text(each.what, f"{name}.what")
        values.whole(each.quantity, 1, values.MAX_QUANTITY, f"{name}.quantity")
        values.whole(each.unit_fen, 0, values.MAX_FEN, f"{name}.unit_fen")
    return tuple(given)


def total(given: Sequence[QuoteLine]) -> int:
    """What the lines come to. Raises ``Invalid`` where that is nothing, or too much to keep."""
    found = sum(each.quantity * each.unit_fen for each in given)
    if not 1 <= found <= values.MAX_FEN:
        raise values.invalid("lines", f"Together they must come to 1 to {values.MAX_FEN} fen.")
    return found


def valid_until(given: datetime, now: datetime) -> datetime:
    """Until when a quote holds that is put now, in UTC. Raises ``Invalid``."""
    if given.utcoffset() is None:
        raise values.invalid("valid_until", "Give the time with its offset from UTC.")
    if given <= now:
        raise values.invalid("valid_until", "This time is over: a quote must hold for a while.")
    if given > now + LONGEST_VALID:
        raise values.invalid("valid_until", f"At most {LONGEST_VALID.days} days from now.")
    return given.astimezone(UTC)
