"""Which orders a rule is for: chosen in a form, and in words."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from services.gateway.frame import words

Data = dict[str, Any]


def chosen(value: str) -> Data:
    """The fields of a rule by the value of a choice."""
    kind, _colon, category = value.strip().partition(":")
    return {"kind": kind or None, "category": category or None}


def orders(rule: Data) -> str:
    """Which orders a rule or ladder is for, as the value of a choice."""
    if rule["category"]:
        kind = rule["kind"] or next(
            one for one, codes in words.CATEGORIES.items() if rule["category"] in codes
        )
        return f"{kind}:{rule['category']}"
    return f"{rule['kind']}:" if rule["kind"] else ""


def whose(rule: Data) -> str:
    """Which orders a rule or ladder is for, in words."""
    kind, _colon, category = orders(rule).partition(":")
    if category:
        return words.category(kind, category)
    return str(words.KINDS[kind]) if kind else _("All orders")
