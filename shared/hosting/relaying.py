"""The relay of one service, with its position kept beside the log."""

from __future__ import annotations

from shared.eventlog.store import Store
from shared.following import positions
from shared.following.positions import Place
from shared.hosting.parts import Parts
from shared.messaging.publisher import EventPublisher, publisher_for
from shared.messaging.relay import Relay

BUILD = 1


class RelayPositions:
    """The relay's place in its own log, moved by compare-and-set."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self, name: str) -> int:
        return positions.ensure(self._store, name, BUILD, self._store.name).position

    def advance(self, name: str, from_: int, to: int) -> bool:
        place = Place(to, self._store.log_id, None, "following")
        try:
            with self._store.transaction() as tx:
                positions.advance(tx, [(name, BUILD)], self._store.name, start=from_, to=place)
        except positions.LostLead:
            return False
        return True


def relay_for(parts: Parts) -> tuple[Relay, EventPublisher]:
    """The relay and its publisher, which whoever stops the relay closes."""
    publisher = publisher_for(parts.url, parts.name)
    return Relay(parts.log, RelayPositions(parts.store), publisher, parts.clock), publisher
