"""Reads that are asked for at the same moment share one SELECT (what is called a data loader)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from shared.errors import Unavailable


class _Round:
    def __init__(self) -> None:
        self.values: set[str] = set()
        self.done = threading.Event()
        self.found: Mapping[str, Sequence[Any]] = {}
        self.error: Exception | None = None


class Gathering:
    """``read`` answers the rows for each of some values. One read is under way at a time; whoever
    asks meanwhile is served by the next one, which begins after all its askers asked.
    """

    def __init__(self, read: Callable[[Sequence[str]], Mapping[str, Sequence[Any]]]) -> None:
        self._read = read
        self._lock = threading.Lock()
        self._turn = threading.Lock()
        self._next: _Round | None = None

    def rows(self, values: Iterable[str]) -> list[Any]:
        """The rows of these values; raises what ``read`` raises."""
        wanted = sorted(set(values))
        with self._lock:
            leads = self._next is None
            found = self._next = self._next or _Round()
            found.values.update(wanted)
        if leads:
            self._serve(found)
        else:
            found.done.wait()
        if found.error is not None:
            raise found.error
        return [row for value in wanted for row in found.found.get(value, ())]

    def _serve(self, served: _Round) -> None:
        # Until it is known to have been read, it has failed: whoever leads may be killed.
        served.error = Unavailable("the thread that read was stopped; try again")
        try:
            with self._turn:
                with self._lock:
                    self._next = None
                served.found = self._read(sorted(served.values))
            served.error = None
        except Exception as error:
            served.error = error
        finally:
            served.done.set()
