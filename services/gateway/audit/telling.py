"""Events and states in the reader's words: what each field holds, people by their names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from services.gateway.audit.words import ACTIVITIES, FIELDS, MOMENTS, PEOPLE
from services.gateway.frame import formats, words

Data = Mapping[str, Any]
_CODES: dict[str, Mapping[str, Any]] = {
    "kind": {**words.KINDS, **words.INQUIRY_KINDS},
    "channel": words.CHANNELS,
    "role": words.ROLES,
    "activity": ACTIVITIES,
}


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
            if data.get(name) not in (None, "", [], False)
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
            found.append(Field(str(label), told, earlier))
        return found

    def value(self, name: str, value: Any, data: Data) -> str:
        if value in (None, "", []):
            return "–"
        if name in PEOPLE:
            return ", ".join(
                self.who(one) for one in (value if isinstance(value, list) else [value])
            )
        if name in MOMENTS:
            return formats.moment(value, self._zone)
        if name.endswith("_fen"):
            return formats.money(value)
        if name == "minutes":
            return formats.minutes(value)
        if name == "state":
            return words.state(value, "", staff=True)
        if name == "category":
            return words.category(data.get("kind", ""), value)
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        known = _CODES.get(name, {}).get(str(value))
        return str(known if known is not None else value)


def people_of(data: Iterable[Data]) -> set[str]:
    """Everybody these events or states name."""
    found: set[str] = set()
    for one in data:
        for name in PEOPLE & one.keys():
            value = one[name]
            found |= set(value) if isinstance(value, list) else {value} - {None}
    return found
