"""How a step card is made of an event: icon, tone, title, and what stands below."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from services.gateway.frame.words import Words
from services.gateway.orders.parts import Part, quote
from services.gateway.orders.reader import Data, Reader

Parts = list[Part | None]
Look = tuple[str, str, Any, Callable[[Reader, Data], Parts]]


def both(words_: Words) -> Callable[[Reader, Data], str]:
    return lambda reader, data: words_.for_(staff=reader.staff)


def by_kind(repair: Words, complaint: Words) -> Callable[[Reader, Data], str]:
    return lambda reader, data: (complaint if reader.order["kind"] == "complaint" else repair).for_(
        staff=reader.staff
    )


def nothing(reader: Reader, data: Data) -> Parts:
    return []


def said(label: Any, name: str) -> Callable[[Reader, Data], Parts]:
    return lambda reader, data: [quote(str(label), data[name])]
