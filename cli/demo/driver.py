"""Drives a platform by hand: handlers move when told to, so events come in one order, always.

Which handlers move is a matter of cost alone: policies as soon as there is something for them, so
that what they record bears the time of its cause; views when somebody is about to look.
"""

from __future__ import annotations

from collections.abc import Mapping

from shared.following.acting import MOST_A_PAGE
from shared.following.follower import Follower
from shared.following.following import Following
from shared.following.source import Page
from shared.hosting.embedded import Platform

_SECURITY = "security"


class Driver:
    """For a `Platform` made with ``driven=True`` and started."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._looked: dict[Follower, int] = {}

    def hear(self, service: str, log: str = _SECURITY) -> None:
        """Bring the views that one service makes of one log to that log's end."""
        for follower in self._followers(service):
            if follower.source.log == log:
                self._views_to_end(follower)

    def react(self) -> None:
        """Let policies act on what is new, and on what comes of that, until nothing more does."""
        moved = True
        while moved:
            moved = False
            heads = {name: parts.log.head() for name, parts in self._platform.parts.items()}
            for service in heads:
                for follower in self._followers(service):
                    moved = self._let_act(service, follower, heads) or moved

    def settle(self) -> None:
        """Let policies act, then bring every view to the end of what it follows."""
        self.react()
        for service in self._platform.parts:
            for follower in self._followers(service):
                self._views_to_end(follower)

    def fire_timers(self) -> int:
        """Send what is due now, each once its service's views know of the one before, for which it
        would wait in vain; the number of commands sent.
        """
        fired = 0
        for name in self._platform.parts:
            while self._platform.work(name).fire_timers(most=1):
                fired += 1
                for follower in self._followers(name):
                    self._views_to_end(follower)
        return fired

    def _followers(self, service: str) -> list[Follower]:
        return self._platform.work(service).followers

    def _let_act(self, service: str, follower: Follower, heads: Mapping[str, int]) -> bool:
        """Whether there was anything for the policies of this follower to do."""
        log, looked = follower.source.log, self._looked.get(follower, 0)
        policies = [one for one in follower.following if one.runner is not None]
        if not policies or looked >= heads[log]:
            return False
        # Looked at from here; what a policy takes it reads for itself, as always.
        facts = self._platform.parts[log].log.read(looked)
        self._looked[follower] = upto = facts[-1].position
        types = {fact.type for fact in facts}
        concerned = [one for one in policies if not types.isdisjoint(one.handler.handles)]
        if concerned and log == service:
            self._views_to_end(follower)
        for one in concerned:
            while one.place.position < upto:
                self._act(service, one, follower.source.read(one.place.position, MOST_A_PAGE))
        return bool(concerned) or upto < heads[log]

    def _views_to_end(self, follower: Follower) -> None:
        head = self._platform.parts[follower.source.log].log.head()
        pages: dict[int, Page] = {}
        for one in follower.following:
            while one.runner is None and one.place.position < head:
                at = one.place.position
                if at not in pages:
                    pages[at] = follower.source.read(at)
                if not _took(one, pages[at]):
                    raise _stuck(one)

    def _act(self, service: str, one: Following, page: Page) -> None:
        if _took(one, page):
            return
        # It may wait for a view of its own service.
        for follower in self._followers(service):
            self._views_to_end(follower)
        if not _took(one, page):
            raise _stuck(one)


def _took(one: Following, page: Page) -> bool:
    before = one.place.position
    one.take(page)
    return one.place.position != before


def _stuck(one: Following) -> RuntimeError:
    return RuntimeError(f"{one.name} does not go on from {one.place.position}: see the log")
