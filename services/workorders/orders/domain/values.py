"""Checks of single values. Schemas refuse bad input first; these keep the log clean regardless."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TypeVar

from services.workorders.orders.domain.vocabulary import Material
from shared.errors import Invalid

MAX_MINUTES = 100_000
MAX_QUANTITY = 1_000_000
# 100 million yuan: sums of thousands of charges stay exact in every JSON reader
MAX_FEN = 10_000_000_000

T = TypeVar("T", bound=str)


def invalid(field: str, text: str) -> Invalid:
    return Invalid(f"{field}: {text}", fields={field: [text]})


def one_of(value: str, choices: Sequence[T], field: str) -> T:
    for choice in choices:
        if value == choice:
            return choice
    raise invalid(field, f"Choose one of: {', '.join(choices)}.")


def text(value: str, field: str) -> str:
    """The text byte for byte; blank is refused."""
    if not isinstance(value, str) or not value.strip():
        raise invalid(field, "This text must not be empty.")
    return value


def whole(value: int, lowest: int, highest: int, field: str) -> int:
    if type(value) is not int or not lowest <= value <= highest:
        raise invalid(field, f"Give a whole number from {lowest} to {highest}.")
    return value


def stars(value: int, field: str) -> int:
    return whole(value, 1, 5, field)


def stars_or_none(value: int | None, field: str) -> int | None:
    return None if value is None else stars(value, field)


def materials(values: Sequence[Material]) -> tuple[Material, ...]:
    for index, each in enumerate(values):
        text(each.name, f"materials.{index}.name")
        whole(each.quantity, 1, MAX_QUANTITY, f"materials.{index}.quantity")
        whole(each.unit_cost_fen, 0, MAX_FEN, f"materials.{index}.unit_cost_fen")
    return tuple(values)


def past(value: datetime, latest: datetime, field: str) -> datetime:
    """An aware time not after ``latest``, in UTC."""
    if value.utcoffset() is None:
        raise invalid(field, "Give the time with its offset from UTC.")
    if value > latest:
        raise invalid(field, "This time is in the future.")
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise invalid(field, "This time is before the year 1.") from None
