"""Events and states in the reader's words: what each field holds, people by their names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from services.gateway.audit.codes import CODES
from services.gateway.audit.words import FIELDS, MOMENTS, PEOPLE
from services.gateway.follow_ups.words import answer_of
from services.gateway.frame import formats, words
from services.gateway.orders.quoting_story import line

Data = Mapping[str, Any]
_ID = re.compile(r"[a-z][a-z0-9-]{1,31}\.[0-9a-f-]{36}")


class Field(NamedTuple):
    """``before`` is set where it was something else one event earlier."""

    label: str
    value: str
    before: str | None = None


class Teller:
    """``names``: person id to name."""

    def __init__(self, names: Mapping[str, str], zone: ZoneInfo) -> None:
        self._names = names
        self._zone = zone

    def who(self, person: str | None) -> str:
        if person is None:
            return _("nobody")
        if person.startswith("service:"):
            return _("The system")
        return self._names.get(person) or _("somebody not known any more")

    def parts(self, data: Data) -> list[Field]:
        """What an event says, as far as there are words for it."""
        return [
            Field(str(FIELDS[name]), self.value(name, data[name], data))
            for name in FIELDS
            if _is_shown(name, data.get(name))
        ]

    def state(self, after: Data, before: Data | None) -> list[Field]:
        """An order's state, with what it was before the last event where that is another."""
        found = []
        for name, label in FIELDS.items():
            if name not in after:
                continue
            now, then = after[name], None if before is None else before.get(name)
            if now in (None, "", [], False, 0) and then in (None, "", [], False, 0):
                continue
            changed = before is None or now != then
            told = self.value(name, now, after)
            earlier = self.value(name, then, before or {}) if changed else None
            # what differs in nothing that is told here is no change to who reads it
            found.append(Field(str(label), told, None if before and earlier == told else earlier))
        return found

    def value(self, name: str, value: Any, data: Data) -> str:
        if value in (None, "", []):
            return "–"
        code = CODES.get(name, {}).get(str(value)) if isinstance(value, str | int) else None
        if name in _SHAPED:
            return _SHAPED[name](value, data)
        if code is not None:
            return str(code)
        if name in PEOPLE:
            return ", ".join(
                self.who(one) for one in (value if isinstance(value, list) else [value])
            )
        if name in MOMENTS:
            is_day = isinstance(value, str) and len(value) == len("2026-03-01")
            return formats.plain_day(value) if is_day else formats.moment(value, self._zone)
        if name in ("visit", "windows"):
            return self._windows(value)
        if name.endswith("_fen"):
            return formats.money(value)
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        return str(value)

    def _windows(self, value: Any) -> str:
        """Those offered; of a visit, the one agreed where one is."""
        if isinstance(value, Mapping):
            agreed = value["window"] if value["state"] in ("agreed", "kept") else None
            value = [agreed] if agreed else value["windows"]
        return formats.several([formats.window(each, self._zone) for each in value]) or "–"


def _outcome(value: Any, data: Data) -> str:
    said = value == "reached" and data.get("satisfied") is not None
    return str(answer_of(data) if said else CODES["outcome"].get(value, value))


def _materials(value: Any, data: Data) -> str:
    return formats.several([f"{one['name']} × {formats.number(one['quantity'])}" for one in value])


def _quote(value: Any, data: Data) -> str:
    """Events have its number, an order's state all of it."""
    if isinstance(value, int):
        return formats.number(value)
    state = words.QUOTE_STATES[value["state"]]
    return f"{formats.number(value['number'])}: {formats.money(value['total_fen'])} ({state})"


_SHAPED: dict[str, Callable[[Any, Data], str]] = {
    "state": lambda value, data: words.state(value, "", staff=True),
    "category": lambda value, data: words.category(data.get("kind", ""), value),
    "minutes": lambda value, data: formats.minutes(value),
    "percent": lambda value, data: formats.percent(value),
    "choice": lambda value, data: str(words.CHOICE_REASONS[value["reason"]]),
    "lines": lambda value, data: formats.several([line(one) for one in value]),
    "materials": _materials,
    "outcome": _outcome,
    "quote": _quote,
}


def _is_shown(name: str, value: Any) -> bool:
    """Whether people are told of it: nothing of what is not so, nor of ids of things."""
    if value in (None, "", [], False):
        return False
    return name in PEOPLE or not (isinstance(value, str) and _ID.fullmatch(value))


def people_of(data: Iterable[Data]) -> set[str]:
    """Everybody these events or states name."""
    found: set[str] = set()
    for one in data:
        for name in PEOPLE & one.keys():
            value = one[name]
            given = value if isinstance(value, list) else [value]
            found |= {person for person in given if person and person not in words.PAYERS}
    return found
