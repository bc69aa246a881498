"""What follows the work: within how many hours, as it holds and as it is typed."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from services.gateway.frame.forms import Form
from services.gateway.levels import rows
from services.gateway.levels.orders_of import chosen, orders, whose
from services.gateway.orders.typed import whole

Data = dict[str, Any]
ROWS = "after.rows"
HOURS = {
    "remind_hours": _l("Reminder after"),
    "check_hours": _l("Check after another"),
    "reopen_hours": _l("Opened again within"),
}
# what holds where nothing is said
USUAL = dict.fromkeys(HOURS, 72)


def _general_first(rules: list[Data]) -> list[Data]:
    """With the hours of all orders, whether they were said or not."""
    usual = {**USUAL, "kind": None, "category": None}
    general = next((one for one in rules if not orders(one)), usual)
    return [general, *(one for one in rules if orders(one))]


def filled(values: MultiDict[str, str], told: list[Data]) -> None:
    """A row each, and an empty one."""
    found = _general_first(told)
    for number, rule in enumerate(found):
        values[f"after.{number}.category"] = orders(rule)
        for name in HOURS:
            values[f"after.{number}.{name}"] = str(rule[name])
    values[ROWS] = str(len(found) + 1)


def read(form: Form) -> tuple[list[Data], list[int]]:
    """What to ask, and which row of the form each rule stands in."""
    places = sorted({at for name in HOURS for at in rows.kept(form, "after", name, ROWS)})
    return [_rule(form, number) for number in places], places


def _rule(form: Form, number: int) -> Data:
    name = f"after.{number}"
    return {
        **chosen(form.text(f"{name}.category")),
        **{each: whole(form.text(f"{name}.{each}"), f"{name}.{each}", 0) for each in HOURS},
    }


def told(rules: list[Data]) -> list[Data]:
    """Each in words."""
    return [
        {"orders": whose(one), "hours": [one[name] for name in HOURS]}
        for one in _general_first(rules)
    ]
