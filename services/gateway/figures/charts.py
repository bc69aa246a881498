"""A chart is a table: the same rows are drawn, shown in cells and written as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from babel.numbers import format_decimal, format_percent
from babel.units import format_unit
from flask_babel import get_locale
from flask_babel import gettext as _

Value = float | int | None
# characters that a spreadsheet takes for the beginning of a formula
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Unit:
    """``told``: for people. ``name``: of the numbers in CSV. ``least`` and ``most`` end the scale.

    ``base``: in what a number of that size is counted, so that scales end at round ones. ``scale``:
    how all numbers along an axis are told whose highest is this; as any other where it is None.
    """

    name: str
    told: Callable[[Any], str]
    base: Callable[[float], float] = lambda value: 1.0
    scale: Callable[[float], Callable[[float], str]] | None = None
    least: float = 0.0
    most: float | None = None


@dataclass(frozen=True)
class Chart:
    """``rows``: a label, and a value for each of ``series``. ``kind``: columns, bars or lines."""

    name: str
    kind: str
    title: str
    text: str
    of: str
    series: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Value, ...]], ...]
    unit: Unit

    @property
    def empty(self) -> bool:
        return not any(value for _label, values in self.rows for value in values)

    def csv(self) -> str:
        """With a byte order mark, without which spreadsheets take UTF-8 for something else."""
        heads = [f"{name} ({self.unit.name})" if self.unit.name else name for name in self.series]
        return table_csv([self.of, *heads], [[label, *values] for label, values in self.rows])


def table_csv(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    for row in rows:
        writer.writerow([_harmless(cell) if isinstance(cell, str) else cell for cell in row])
    return "\N{ZERO WIDTH NO-BREAK SPACE}" + out.getvalue()


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def count(value: Value) -> str:
    return "–" if value is None else format_decimal(value, locale=get_locale())


def stars(value: Value) -> str:
    return "–" if value is None else format_decimal(value, format="0.00", locale=get_locale())


def share(value: Value) -> str:
    return "–" if value is None else format_percent(value, format="0.0%", locale=get_locale())


def duration(value: Value) -> str:
    """Seconds as such, or as minutes, hours or days, whichever says it shortest."""
    if value is None:
        return "–"
    unit, seconds = _in(value)
    return _amount(value / seconds, unit)


def _in(value: float) -> tuple[str, float]:
    if 0 < value < 60:
        return "second", 1.0
    if value < 5400:
        return "minute", 60.0
    return ("hour", 3600.0) if value < 172_800 else ("day", 86_400.0)


def _amount(value: float, unit: str) -> str:
    return _told(value, unit, "0" if value >= 10 or unit in ("second", "minute") else "0.#")


def _scale(highest: float) -> Callable[[float], str]:
    """All in one unit, that of the highest: 0, 0.5 and 1 minute, not 30 seconds and 1 minute."""
    unit, seconds = _in(highest)
    return lambda value: _told(value / seconds, unit, "0.##")


def _told(value: float, unit: str, form: str) -> str:
    return format_unit(value, f"duration-{unit}", length="short", format=form, locale=get_locale())


def counts() -> Unit:
    return Unit("", count)


def seconds() -> Unit:
    return Unit(_("seconds"), duration, lambda value: _in(value)[1], _scale)


def of_five() -> Unit:
    return Unit("", stars, least=1.0, most=5.0)
