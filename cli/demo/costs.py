"""What a repair of the demo uses and costs, and the quote for it. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

from cli.demo import texts

Request = dict[str, Any]
VALID = timedelta(days=7)


def result(
    kind: str, category: str, language: str, minutes: int, payer: str | None, rng: Random
) -> Request:
    """The request that reports the work; ``payer``: who may have to pay for it."""
    spoken = texts.NOTES[language]
    key = "complaint" if kind == "complaint" else category
    request: Request = {
        "notes": rng.choice(spoken.get(key) or spoken["other"]),
        "minutes": minutes,
    }
    stock = texts.MATERIALS.get(category)
    if kind == "repair" and stock and rng.random() < 0.7:
        name, price = rng.choice(stock)
        count = rng.choice((1, 1, 2))
        request["materials"] = [{"name": name, "quantity": count, "unit_cost_fen": price}]
        if payer is not None and rng.random() < 0.6:
            request["charge_fen"] = price * count + labour(minutes)
    return request


def labour(minutes: int) -> int:
    return 50 * round(minutes * 1.2)


def quote(done: Request, payer: str, at: datetime) -> Request:
    """The quote for what will be done; materials and labour."""
    lines = [
        {
            "kind": "material",
            "what": each["name"],
            "quantity": each["quantity"],
            "unit_fen": each["unit_cost_fen"],
        }
        for each in done["materials"]
    ]
    work = done["charge_fen"] - sum(each["quantity"] * each["unit_fen"] for each in lines)
    lines.append({"kind": "labour", "what": texts.LABOUR, "quantity": 1, "unit_fen": work})
    return {"payer": payer, "lines": lines, "valid_until": (at + VALID).isoformat()}


def dearer(request: Request) -> Request:
    """The same with more labour than is needed in the end."""
    *materials, work = request["lines"]
    return {**request, "lines": [*materials, {**work, "unit_fen": work["unit_fen"] + 6000}]}
