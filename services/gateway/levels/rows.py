"""Lists in forms: a row each, some of them empty to be filled, and what a service says of a row."""

from __future__ import annotations

from services.gateway.frame.forms import Form
from shared.errors import WuyeError

SPARE = 2
# as many as a service takes
MOST = 500


def count(form: Form, name: str = "rows") -> int:
    """How many rows the form has, as it says itself."""
    text = form.text(name, str(SPARE))
    return min(int(text), MOST) if text.isdecimal() else SPARE


def kept(form: Form, prefix: str, field: str, name: str = "rows") -> list[int]:
    """The rows in which this field says something; ``name``: the field that counts them."""
    return [
        number
        for number in range(count(form, name))
        if form.text(f"{prefix}.{number}.{field}").strip()
    ]


def renamed(error: WuyeError, request: str, prefix: str, places: list[int]) -> WuyeError:
    """The error with the rows of the form in place of those of the request."""
    rows = {f"{request}.{number}": f"{prefix}.{row}" for number, row in enumerate(places)}
    found = {}
    for name, texts in error.fields.items():
        head = ".".join(name.split(".")[:2])
        found[rows.get(head, head) + name[len(head) :]] = texts
    error.fields = found
    return error
