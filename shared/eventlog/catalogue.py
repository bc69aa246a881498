"""The wire names of one service's events, written down and checked when the process starts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from shared.errors import Unavailable
from shared.privacy.personal import personal_fields

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]
EventTable = Mapping[str, tuple[int, type]]
UpcasterTable = Mapping[tuple[str, int], Upcaster]


class CatalogueError(Exception):
    """The event tables of a service contradict themselves; the process must not start."""


class NewerEvent(Unavailable):
    """The log holds an event, or a version of one, of a newer release: hold until upgraded."""


class UnknownEvent(NewerEvent):
    """The log holds an event name this release does not know."""


class EventType(msgspec.Struct, frozen=True):
    name: str
    schema: int
    cls: type


class Catalogue:
    """All event types of one service: wire name and version to class, and the upcasters between.

    Beside those from each older version to the next there may be one under the version after
    today's: it makes of what the next release will write what this one understands.
    """

    def __init__(self, service: str, *features: tuple[EventTable, UpcasterTable]) -> None:
        self.service = service
        self._by_name: dict[str, EventType] = {}
        self._by_class: dict[type, EventType] = {}
        self._upcasters: dict[tuple[str, int], Upcaster] = {}
        for events, upcasters in features:
            for name, (schema, cls) in events.items():
                if name in self._by_name or cls in self._by_class:
                    raise CatalogueError(f"{service}: {name} is written down twice")
                personal_fields(cls)
                entry = EventType(name, schema, cls)
                self._by_name[name] = entry
                self._by_class[cls] = entry
            self._upcasters.update(upcasters)
        self._check_upcasters()

    def _check_upcasters(self) -> None:
        wanted = {
            (entry.name, version)
            for entry in self._by_name.values()
            for version in range(1, entry.schema)
        }
        coming = {(entry.name, entry.schema + 1) for entry in self._by_name.values()}
        missing = wanted - self._upcasters.keys()
        spare = self._upcasters.keys() - wanted - coming
        if missing or spare:
            raise CatalogueError(
                f"{self.service}: upcasters missing for {sorted(missing)}, "
                f"without an event for {sorted(spare)}"
            )

    def __iter__(self) -> Any:
        return iter(self._by_name.values())

    def of_class(self, cls: type) -> EventType:
        return self._by_class[cls]

    def of_name(self, name: str) -> EventType:
        try:
            return self._by_name[name]
        except KeyError:
            raise UnknownEvent(f"{self.service} has no event {name}") from None

    def reads(self, name: str) -> int:
        """The newest version that is understood."""
        current = self.of_name(name).schema
        return current + ((name, current + 1) in self._upcasters)

    def upcast(self, name: str, schema: int, data: dict[str, Any]) -> dict[str, Any]:
        """Make today's version of the data of an older one, or of the one that comes next."""
        current = self.of_name(name).schema
        if current < schema <= self.reads(name):
            return self._upcasters[name, schema](data)
        if schema > current:
            raise NewerEvent(
                f"{name} version {schema} is newer than {current}; upgrade this process"
            )
        for version in range(schema, current):
            data = self._upcasters[name, version](data)
        return data
