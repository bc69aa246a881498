"""Who is told as time runs out: as it holds, as it is typed, and as it is asked to be set."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from services.gateway.frame.forms import Form
from services.gateway.levels import rows
from services.gateway.levels.orders_of import chosen, orders
from shared.errors import Invalid, WuyeError

Data = dict[str, Any]
SPARE_STEPS = 1
LEAST_STEPS = 3
MOST_STEPS = 10
ABOVE = (
    _l("the technician and the dispatchers"),
    _l("their superior, else the supervisors"),
    _l("the superior's superior, else the managers"),
    _l("three levels up, else the managers"),
    _l("four levels up, else the managers"),
    _l("five levels up, else the managers"),
)


def filled(told: list[Data] | None) -> MultiDict[str, str]:
    values: MultiDict[str, str] = MultiDict()
    ladders = told or []
    for number, ladder in enumerate(ladders):
        values[f"ladder.{number}.category"] = orders(ladder)
        for place, step in enumerate(ladder["steps"]):
            values[f"ladder.{number}.steps.{place}.percent"] = str(step["percent"])
            values[f"ladder.{number}.steps.{place}.up"] = str(step["up"])
    values["rows"] = str(len(ladders) or 1)
    return values


def steps(form: Form, number: int) -> range:
    """The numbers of a ladder's rows of steps, some of them empty."""
    typed = _typed(form, number)
    return range(min(MOST_STEPS, max(LEAST_STEPS, (typed[-1] if typed else 0) + 1 + SPARE_STEPS)))


def read(form: Form) -> tuple[Data, list[int]]:
    """What to ask, and which part of the form each ladder stands in; empty ones are left out."""
    places, ladders = [], []
    for number in range(rows.count(form)):
        climbed = [_step(form, f"ladder.{number}.steps.{place}") for place in _typed(form, number)]
        # an empty ladder for some orders means that nobody is told of those
        if climbed or form.text(f"ladder.{number}.category"):
            places.append(number)
            whose = chosen(form.text(f"ladder.{number}.category"))
            ladders.append({**whose, "steps": climbed})
    return {"ladders": ladders}, places


def renamed(error: WuyeError, form: Form, places: list[int]) -> WuyeError:
    """The error with the names of the form's fields in place of those of the request."""
    found = {}
    for name, texts in error.fields.items():
        parts = name.split(".")
        if parts[0] == "ladders" and len(parts) > 1:
            row = places[int(parts[1])]
            parts[:2] = ["ladder", str(row)]
            if parts[2:3] == ["steps"] and len(parts) > 3:
                parts[3] = str(_typed(form, row)[int(parts[3])])
        found[".".join(parts)] = texts
    error.fields = found
    return error


def _typed(form: Form, number: int) -> list[int]:
    """The rows of a ladder in which a step stands."""
    return [
        place
        for place in range(MOST_STEPS)
        if form.text(f"ladder.{number}.steps.{place}.percent").strip()
    ]


def _step(form: Form, name: str) -> Data:
    percent, up = form.text(f"{name}.percent").strip(), form.text(f"{name}.up", "0")
    if not percent.isdecimal():
        raise Invalid("No number.", fields={f"{name}.percent": ["A whole number is expected."]})
    return {"percent": int(percent), "up": int(up) if up.isdecimal() else 0}


def whom(up: int) -> str:
    return str(ABOVE[min(up, len(ABOVE) - 1)])


def told(step: Data) -> str:
    """``At 80 %: the technician and the dispatchers``."""
    return _("At %(percent)s %%: %(whom)s", percent=step["percent"], whom=whom(step["up"]))
