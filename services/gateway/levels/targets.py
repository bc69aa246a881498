"""The promises: as they hold, as they are typed, and as the service is asked to set them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from services.gateway.frame import formats, words
from services.gateway.frame.forms import Form
from services.gateway.levels import aftercare, rows
from services.gateway.levels.orders_of import chosen, orders, whose
from shared.errors import Invalid, WuyeError

Data = dict[str, Any]
UNITS = {"minutes": 1, "hours": 60}
LENGTHS = {"minutes": _l("minutes"), "hours": _l("hours"), "never": _l("no promise")}
# what may stop the time of some promises and not of others, and those of which it can
WAITS = {
    "visit": _l("An agreed visit is still to come"),
    "quote": _l("The owner has a quote to answer"),
    "deferral": _l("The order is put off to a date"),
}
STOPPABLE = ("respond", "arrive", "repair")
# ticked where nothing is promised yet
_USUAL = {"visit": STOPPABLE[1:], "quote": STOPPABLE, "deferral": STOPPABLE}
TIMES = {"working": _l("working time"), "calendar": _l("any hour")}


class Places(NamedTuple):
    rules: Sequence[int] = ()
    aftercare: Sequence[int] = ()


def filled(told: Data | None) -> MultiDict[str, str]:
    values: MultiDict[str, str] = MultiDict()
    rules = told["rules"] if told else []
    for number, rule in enumerate(rules):
        amount, unit = _typed(rule["minutes"])
        values[f"rule.{number}.target"] = rule["target"]
        values[f"rule.{number}.minutes"] = amount
        values[f"rule.{number}.unit"] = unit
        values[f"rule.{number}.time"] = rule["time"]
        values[f"rule.{number}.category"] = orders(rule)
        values[f"rule.{number}.priority"] = rule["priority"] or ""
    values["rows"] = str(len(rules) + rows.SPARE)
    values.setlist("stopping", list(told["stopping"] if told else ()))
    for name, stopped in (told["waits"] if told else _USUAL).items():
        values.setlist(f"waits.{name}", list(stopped))
    aftercare.filled(values, told["aftercare"] if told else [])
    return values


def read(form: Form) -> tuple[Data, Places]:
    """What to ask, and which rows of the form its rules stand in."""
    places = rows.kept(form, "rule", "target")
    rules = [_rule(form, number) for number in places]
    waits = {name: form.texts(f"waits.{name}") for name in WAITS}
    after, rows_after = aftercare.read(form)
    asked = {
        "rules": rules,
        "stopping": form.texts("stopping"),
        "waits": waits,
        "aftercare": after,
    }
    return asked, Places(places, rows_after)


def renamed(error: WuyeError, places: Places) -> WuyeError:
    """The error with the rows of the form in place of those of the request."""
    error = rows.renamed(error, "rules", "rule", places.rules)
    return rows.renamed(error, "aftercare", "after", places.aftercare)


def _rule(form: Form, number: int) -> Data:
    def text(field: str) -> str:
        return form.text(f"rule.{number}.{field}").strip()

    return {
        "target": text("target"),
        "minutes": _minutes(text("minutes"), text("unit"), f"rule.{number}.minutes"),
        "time": text("time") or "working",
        **chosen(text("category")),
        "priority": text("priority") or None,
    }


def _minutes(text: str, unit: str, field: str) -> int | None:
    if unit == "never":
        return None
    if not text.isdecimal():
        raise Invalid("No number.", fields={field: ["A whole number is expected."]})
    return int(text) * UNITS.get(unit, 1)


def _typed(minutes: int | None) -> tuple[str, str]:
    if minutes is None:
        return "", "never"
    return (str(minutes // 60), "hours") if minutes % 60 == 0 else (str(minutes), "minutes")


def told(rule: Data) -> Data:
    """A rule in words."""
    priority = rule["priority"]
    return {
        "target": words.TARGETS[rule["target"]].staff,
        "orders": whose(rule),
        "priority": words.PRIORITIES[priority] if priority else _("any"),
        "length": length(rule) if rule["minutes"] is not None else _("no promise"),
    }


def length(promise: Data) -> str:
    """How much time is promised, in its kind of time."""
    told = formats.length(60 * promise["minutes"])
    return _("%(time)s of working time", time=told) if promise["time"] == "working" else told
