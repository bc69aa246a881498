"""Where a follower gets its pages from: the service's own store, or another service's log over
RPC.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import msgspec

from shared.eventlog.executor import EventLog
from shared.messaging.envelope import Fact

PAGE = 500


class Page(msgspec.Struct, frozen=True):
    """``next`` is the position to ask behind next time, ``head`` the log's end when the page was
    read.

    ``anchor`` is the id of the event at the position asked behind; None where there is none (any
    more).
    """

    events: Sequence[Fact]
    next: int
    head: int
    log_id: str
    anchor: str | None

    def first(self, count: int) -> Page:
        """The page as if it ended with its ``count``-th event."""
        events = self.events[:count]
        return msgspec.structs.replace(self, events=events, next=events[-1].position)

    def rest(self, count: int) -> Page:
        """What ``first`` leaves; its place is behind what that part brought."""
        return msgspec.structs.replace(self, events=self.events[count:])


class LogSource(Protocol):
    log: str

    def read(self, after: int, limit: int = PAGE, *, text: bool = True) -> Page:
        """``text``: with the personal text that this source gives; opening it takes its time."""
        ...

    def wait(self, after: int, timeout: float) -> bool:
        """True when there may be more behind ``after``; False after ``timeout`` seconds."""
        ...

    def close(self) -> None:
        """Let whoever waits go: the process is stopping."""
        ...


class LocalSource:
    """A service's own log. Its followers are entitled to personal text."""

    def __init__(self, log: EventLog) -> None:
        self.log = log.name
        self._log = log

    def read(self, after: int, limit: int = PAGE, *, text: bool = True) -> Page:
        return page_of(self._log, after, limit, opened=text, exact=False)

    def wait(self, after: int, timeout: float) -> bool:
        return self._log.wait(after, timeout)

    def close(self) -> None:
        self._log.store.signal.close()


def page_of(log: EventLog, after: int, limit: int, *, exact: bool, opened: bool = True) -> Page:
    """``opened``: with personal text. ``exact``: with the log's end as it is now, rather than a
    moment ago.
    """
    anchor, events, head = log.read_on(after, limit, opened=opened, exact=exact)
    return Page(
        events=events,
        next=events[-1].position if events else after,
        head=head,
        log_id=log.store.log_id,
        anchor=anchor,
    )
