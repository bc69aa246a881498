"""One thing that people can do to an order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from services.gateway.frame.forms import Form
from services.gateway.frame.words import Words

Request = dict[str, Any]


class Act(NamedTuple):
    """``ask``: the card's question where it is the next step. ``done``: what is said after it.

    ``photos``: the fields of its form that take some.
    """

    icon: str
    button: Words
    ask: Words
    done: Any
    read: Callable[[Form], Request]
    danger: bool = False
    photos: tuple[str, ...] = ()


def words(resident: Any, staff: Any = None) -> Words:
    return Words(resident, staff if staff is not None else resident)
