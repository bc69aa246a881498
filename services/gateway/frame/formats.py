"""Times and amounts in the reader's language and the community's time zone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton, format_timedelta, get_datetime_format
from babel.numbers import format_currency, format_decimal, format_percent
from babel.units import format_unit
from flask_babel import get_locale

from services.gateway.frame.edge import edge


def when(value: str | datetime) -> datetime:
    """An aware time, out of ISO text where it is that."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def moment(value: str | datetime, zone: ZoneInfo) -> str:
    """Day and time: ``2026年3月1日 09:30``, ``Mar 1, 2026, 09:30``."""
    both = get_datetime_format("medium", locale=get_locale()).replace("'", "")
    return both.replace("{0}", clock_time(value, zone)).replace("{1}", day(value, zone))


def day(value: str | datetime, zone: ZoneInfo) -> str:
    return format_skeleton("yMMMd", when(value), tzinfo=zone, locale=get_locale())


def date_of(value: str | date) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


def plain_day(value: str | date) -> str:
    """A day that is no moment, so is in no zone."""
    return format_skeleton("yMMMd", date_of(value), locale=get_locale())


def weekday(value: str | date) -> str:
    """``周四``, ``Thu``, with the day and month."""
    return format_skeleton("MMMEd", date_of(value), locale=get_locale())


def weekday_names() -> list[tuple[int, str]]:
    """From Monday, which is 0."""
    names = get_locale().days["stand-alone"]["wide"]
    return [(number, names[number]) for number in range(7)]


def clock_time(value: str | datetime, zone: ZoneInfo) -> str:
    return format_skeleton("Hm", when(value), tzinfo=zone, locale=get_locale())


def window(value: Mapping[str, str], zone: ZoneInfo) -> str:
    """From when to when: ``2026年3月1日 14:00–16:00``; the day once, where it is one."""
    starts, ends = when(value["starts"]), when(value["ends"])
    same = starts.astimezone(zone).date() == ends.astimezone(zone).date()
    return f"{moment(starts, zone)}–{clock_time(ends, zone) if same else moment(ends, zone)}"


def ago(value: str | datetime) -> str:
    """How long ago, roughly: ``3小时前``, ``3 hours ago``."""
    gone = when(value) - edge().clock.now()
    return format_timedelta(gone, add_direction=True, locale=get_locale())


def took(end: str, start: str) -> str:
    """How long it was until then, roughly: ``5小时``, ``5 hours``."""
    whole = max(when(end) - when(start), timedelta(minutes=1))
    return format_timedelta(whole, granularity="minute", locale=get_locale())


def money(fen: int) -> str:
    """Fen as yuan: ``¥35.00``, ``CN¥35.00``."""
    return format_currency(Decimal(fen) / 100, "CNY", locale=get_locale())


def minutes(count: int) -> str:
    return format_unit(count, "duration-minute", length="short", locale=get_locale())


def length(seconds: int) -> str:
    """Hours and minutes, the minutes rounded down: ``2小时10分钟``, ``2 hr 10 min``."""
    hours, left = divmod(seconds // 60, 60)
    parts = [(hours, "duration-hour")] if hours else []
    if left or not hours:
        parts.append((left, "duration-minute"))
    texts = [format_unit(n, unit, length="short", locale=get_locale()) for n, unit in parts]
    return " ".join(texts)


def several(texts: Sequence[str]) -> str:
    """One after the other: ``甲、乙``, ``a, b``."""
    return ("、" if get_locale().language == "zh" else ", ").join(texts)


def number(value: int) -> str:
    return format_decimal(value, locale=get_locale())


def percent(value: int) -> str:
    return format_percent(Decimal(value) / 100, locale=get_locale())
