"""Canned answers in the forms of an order: to choose one, and what was chosen without a script."""

from __future__ import annotations

from typing import Any

from services.gateway.frame.forms import Form
from services.gateway.frame.languages import language
from services.gateway.sessions.calls import query
from services.gateway.sessions.visitor import the_visitor
from shared.errors import WuyeError

Data = dict[str, Any]
Offered = dict[str, list[tuple[str, str]]]
# by form, the field that takes the words
FIELDS = {"decline": "note", "pause": "note", "answer_rating": "text", "comment": "text"}
CHOSEN = "canned"


def of(order: Data) -> Offered:
    """By form, id and words of each that fits the order; none for residents, and none where they
    cannot be had now.
    """
    if not the_visitor().is_staff:
        return {}
    try:
        found = query("workorders", "canned_answers", asked(order))["canned_answers"]
    except WuyeError:
        return {}
    offered: Offered = {}
    for one in found:
        offered.setdefault(one["use"], []).append((one["answer"], words_of(one)))
    return offered


def asked(order: Data) -> dict[str, str]:
    """The question for those that fit an order."""
    return {
        "community": order["id"].partition(".")[0],
        "kind": order["kind"],
        "category": order["category"],
        "state": order["state"],
    }


def words_of(one: Data) -> str:
    """In the reader's language, or in the first there is."""
    texts = {each["language"]: each["text"] for each in one["wordings"]}
    return str(texts.get(language()) or one["wordings"][0]["text"])


def fill(form: Form, order: Data) -> None:
    """The chosen words stand in the form where nothing else was typed."""
    field, chosen = FIELDS.get(form.name), form.text(CHOSEN)
    if field is None or not chosen or form.text(field).strip():
        return
    words = dict(of(order).get(form.name, ()))
    if chosen in words:
        form.values[field] = words[chosen]
