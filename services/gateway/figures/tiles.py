"""A figure at a glance: its value, how it changed, how it went, and whether it is good enough."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from babel.numbers import format_percent
from flask_babel import get_locale
from flask_babel import gettext as _

from services.gateway.figures.charts import Value
from services.gateway.figures.drawing import spark

Data = Mapping[str, Any]


@dataclass(frozen=True)
class Measure:
    """``path``: where the figure stands in an answer. ``good``: which way it should go, 1 or -1.

    ``target``: what is good enough; None where nobody can say.
    """

    label: Any
    path: tuple[str, ...]
    told: Callable[[Value], str]
    good: int = 0
    target: float | None = None
    by_time: bool = True

    def of(self, figures: Data | None) -> Value:
        found: Any = figures
        for name in self.path:
            found = None if found is None else found[name]
        value: Value = found
        return value


@dataclass(frozen=True)
class Tile:
    """``change``: in words; ``trend``: good, bad or nothing.

    ``reached``: whether the target is; None without a target or without a value.
    """

    label: str
    value: str
    change: str
    trend: str
    target: str | None
    reached: bool | None
    spark: dict[str, Any] | None


def tile(measure: Measure, total: Data, before: Data | None, points: Sequence[Data | None]) -> Tile:
    now, then = measure.of(total), measure.of(before)
    return Tile(
        label=str(measure.label),
        value=measure.told(now),
        change=_change(now, then, known=before is not None),
        trend=_trend(measure, now, then),
        target=_target(measure),
        reached=_reached(measure, now),
        spark=spark([measure.of(one) for one in points]) if measure.by_time else None,
    )


def _change(now: Value, then: Value, *, known: bool) -> str:
    if not known:
        return ""
    if now is None or then is None:
        return _("nothing to compare with")
    if now == then:
        return _("as before")
    if not then:
        return _("%(change)s more", change=now) if now > then else _("less")
    change = format_percent(abs(now - then) / abs(then), format="0.#%", locale=get_locale())
    return f"▲ {change}" if now > then else f"▼ {change}"


def _trend(measure: Measure, now: Value, then: Value) -> str:
    if not measure.good or now is None or then is None or now == then:
        return ""
    return "good" if (now > then) == (measure.good > 0) else "bad"


def _target(measure: Measure) -> str | None:
    if measure.target is None:
        return None
    sign = "≥" if measure.good > 0 else "≤"
    return f"{sign} {measure.told(measure.target)}"


def _reached(measure: Measure, now: Value) -> bool | None:
    if measure.target is None or now is None:
        return None
    return now >= measure.target if measure.good > 0 else now <= measure.target
