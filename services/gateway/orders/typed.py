"""What people typed into a form, as the fields of a request have it."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from services.gateway.frame.forms import Form
from shared.errors import Invalid

NEEDED = "This field is required."
NO_NUMBER = "A whole number is expected."
NO_AMOUNT = "An amount such as 35.00 is expected."
_AMOUNT = re.compile(r"\d{1,13}(\.\d+)?")


def needed(form: Form, field: str) -> str:
    text = form.text(field)
    if not text.strip():
        raise Invalid("A field is empty.", fields={field: [NEEDED]})
    return text


def optional(form: Form, field: str) -> str | None:
    text = form.text(field)
    return text if text.strip() else None


def whole(text: str, field: str, otherwise: int) -> int:
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain:
        return otherwise
    if not plain.isdigit() or len(plain) > 15:
        raise Invalid("No whole number.", fields={field: [NO_NUMBER]})
    return int(plain)


def needed_whole(form: Form, field: str) -> int:
    return whole(needed(form, field), field, 0)


def fen(text: str, field: str) -> int:
    """Yuan as people type them, ``35``, ``￥35.5``, to fen."""
    plain = unicodedata.normalize("NFKC", text).strip().lstrip("¥").replace(",", "").strip()
    fen = Decimal(plain or "0") * 100 if _AMOUNT.fullmatch(plain or "0") else None
    if fen is None or fen != fen.to_integral_value():
        raise Invalid("No amount.", fields={field: [NO_AMOUNT]})
    return int(fen)
