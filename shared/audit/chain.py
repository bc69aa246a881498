"""Which events of all logs belong to one stream: those it caused, and what caused it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from datetime import datetime
from typing import Any

Event = Mapping[str, Any]


class Chain:
    """Takes events log by log, in the order in which the services follow one another.

    An event belongs where one that belongs is its cause, where they share a correlation id, where
    it names the stream, or where its stream was begun by one that belongs. In the same log a
    correlation id is not enough: who sends two commands under one has not joined their subjects.
    """

    def __init__(
        self,
        events: Iterable[Event],
        belongs: Callable[[Event], bool],
        named_before: datetime | None = None,
    ) -> None:
        """``events`` of the stream itself, or of several. ``belongs``: a limit (of time) on what is
        added; ``named_before``: on what is linked by naming the stream alone.
        """
        self._limit = belongs
        self._named_before = named_before
        self._log = ""
        self._ids: set[str] = set()
        self._correlations: set[str] = set()
        self._streams: set[str] = set()
        self.own: set[str] = set()
        for event in events:
            self.own.add(event["subject"])
            self._log = event["log"]
            self._add(event)

    @property
    def ids(self) -> list[str]:
        """The events that belong."""
        return sorted(self._ids)

    @property
    def correlations(self) -> list[str]:
        return sorted(self._correlations)

    @property
    def streams(self) -> list[str]:
        """The streams that were begun by what belongs."""
        return sorted(self._streams)

    def takes(self, event: Event) -> bool:
        """Whether it belongs; what it causes then belongs, too."""
        if event["subject"] in self.own or not self._limit(event) or not self._linked(event):
            return False
        if event["streamversion"] == 1:
            self._streams.add(event["subject"])
        self._add(event)
        return True

    def _linked(self, event: Event) -> bool:
        if event.get("causationid") in self._ids or event["subject"] in self._streams:
            return True
        if names(event["data"], self.own) and self._in_time(event):
            return True
        return event["log"] != self._log and event["correlationid"] in self._correlations

    def _in_time(self, event: Event) -> bool:
        before = self._named_before
        return before is None or datetime.fromisoformat(event["time"]) < before

    def _add(self, event: Event) -> None:
        self._ids.add(event["id"])
        self._correlations.add(event["correlationid"])


def names(data: Mapping[str, Any], streams: Container[str]) -> bool:
    """Whether an event is about one of these streams: a list of many is not about each of them."""
    return any(isinstance(value, str) and value in streams for value in data.values())


def in_time_order(events: Iterable[Event]) -> list[Event]:
    """By the time recorded; where that is the same, causes before what they caused."""
    by_id = {event["id"]: event for event in events}

    def depth(event: Event) -> int:
        steps, cause = 0, event.get("causationid")
        while cause in by_id and steps < len(by_id):
            steps, cause = steps + 1, by_id[cause].get("causationid")
        return steps

    return sorted(
        by_id.values(),
        key=lambda event: (
            datetime.fromisoformat(event["time"]),
            depth(event),
            event["log"],
            event["position"],
            event["streamversion"],
        ),
    )
