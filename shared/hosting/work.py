"""What a service's leading ``work`` process does: relay, followers, timers, operators'
intentions.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from shared.errors import WuyeError
from shared.eventlog.store import LostRace, StoreError
from shared.following.acting import PolicyRunner
from shared.following.follower import Follower
from shared.following.following import Following
from shared.following.handlers import Handler, Policy
from shared.following.positions import LostLead
from shared.following.source import LocalSource, LogSource
from shared.hosting import timing
from shared.hosting.operating import Operating
from shared.hosting.parts import Parts
from shared.hosting.relaying import relay_for
from shared.hosting.remote_source import RemoteSource
from shared.messaging.hints import HintListener
from shared.messaging.publisher import EventPublisher
from shared.messaging.relay import LostLead as RelayLostLead
from shared.messaging.relay import Relay

logger = logging.getLogger(__name__)

ROUND_SECONDS = 1.0
LATE_SECONDS = 60.0
# Gauges of the business count rows: less often than they are asked for.
BUSINESS_SECONDS = 30.0
# Whoever is asked looks at a clock of their own: by it, too, a timer's moment is to have come.
CLOCKS_DIFFER = timedelta(seconds=1)


class Work:
    """``on_lost`` is called when another leader is found at work: the process must end.

    ``driven``: nothing runs by itself. Whoever drives it steps ``followers`` and calls
    ``fire_timers``, so that all happens in an order of their choice; events are not relayed.
    """

    def __init__(self, parts: Parts, on_lost: Callable[[], None], *, driven: bool = False) -> None:
        self.parts = parts
        self._on_lost = on_lost
        self._driven = driven
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self._measure_at = 0.0
        self._hints: HintListener | None = None
        self._publisher: EventPublisher | None = None
        self._relay: Relay | None = None
        self._runners: dict[str, PolicyRunner] = {}
        self.sources: dict[str, LogSource] = {}
        self.followers: list[Follower] = []

    def start(self) -> None:
        """Begin; call it only while holding the lead."""
        parts = self.parts
        parts.definition.prepare(parts)
        remote = {}
        for log in parts.definition.followed():
            if log == parts.name:
                self.sources[log] = LocalSource(parts.log)
            else:
                remote[log] = self.sources[log] = RemoteSource(log, parts.rpc, parts.identity)
        for log, source in self.sources.items():
            handlers = [one for one in parts.definition.handlers if one.follows == log]
            follower = Follower(
                source, handlers, parts.store, parts.builds, self._runner_of, self._on_hold
            )
            self.followers.append(follower)
        if self._driven:
            return
        for follower in self.followers:
            self._spawn(f"follow-{follower.source.log}", partial(follower.run, self._stop))
        if remote:
            self._hints = HintListener(parts.url, list(remote), lambda log: remote[log].hint())
        self._relay, self._publisher = relay_for(parts)
        self._spawn("relay", partial(self._relay.run, self._stop))
        operating = Operating(parts, self.sources, self._runners, self._stop)
        # A thread each: neither a long rebuild nor a call without an answer holds up the others.
        rounds: dict[str, Callable[[], object]] = {
            "measuring": self._measure,
            "measuring the business": self._measure_business,
            "timers": self.fire_timers,
            "operations": operating.round,
            **parts.definition.rounds(parts),
        }
        for name, do in rounds.items():
            self._spawn(name, partial(self._every_second, do))

    def stop(self, timeout: float = 10.0) -> None:
        """End all threads within ``timeout`` seconds; what is open is taken up again at the next
        start.
        """
        until = time.monotonic() + timeout
        self._stop.set()
        for source in self.sources.values():
            source.close()
        for one in (self._hints, self._publisher):
            if one is not None:
                self._spawn("closing", one.close)
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))

    def _spawn(self, name: str, run: Callable[[], None]) -> None:
        def guarded() -> None:
            try:
                run()
            except (LostLead, RelayLostLead) as error:
                logger.error("another leader is at work: %s", error)
                self._on_lost()
            except Exception:
                logger.exception("%s of %s died", name, self.parts.name)
                self._on_lost()

        thread = threading.Thread(target=guarded, name=f"{self.parts.name}-{name}", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _runner_of(self, handler: Handler) -> PolicyRunner | None:
        if not isinstance(handler, Policy):
            return None
        parts = self.parts
        runner = PolicyRunner(
            handler,
            parts.log,
            parts.reader,
            parts.keyring,
            parts.digest,
            parts.clock.now,
            lambda policy: parts.metrics.policy_refused(parts.name, policy),
        )
        self._runners[handler.name] = runner
        return runner

    def _on_hold(self, one: Following) -> None:
        self.parts.metrics.retried(self.parts.name, one.name)

    def late(self) -> dict[str, str]:
        """What has stopped or is far behind, and how: for people who look after it."""
        found = {}
        for follower in self.followers:
            for one in follower.following:
                if one.place.status != "following":
                    found[one.name] = f"{one.place.status} at position {one.place.position}"
                elif one.behind_seconds > LATE_SECONDS:
                    found[one.name] = f"behind for {one.behind_seconds:.0f} s"
        age = self._relay.oldest_unpublished_seconds() if self._relay is not None else 0.0
        if age > LATE_SECONDS:
            found["relay"] = f"an event of {age:.0f} s ago is not published yet"
        return found

    # -- once a second -----------------------------------------------------------------------------

    def _every_second(self, do: Callable[[], object]) -> None:
        while not self._stop.wait(ROUND_SECONDS):
            try:
                do()
            except (WuyeError, StoreError, OSError, LostRace) as error:
                logger.warning("%s: %s; trying again", self.parts.name, error)

    def _measure(self) -> None:
        metrics, name = self.parts.metrics, self.parts.name
        for follower in self.followers:
            for one in follower.following:
                metrics.followed(
                    name, one.name, one.lag, one.place.status != "following", one.behind_seconds
                )
        if self._relay is not None:
            age = self._relay.oldest_unpublished_seconds()
            metrics.relayed(name, self._relay.lag(), age)

    def _measure_business(self) -> None:
        now = time.monotonic()
        if now >= self._measure_at:
            self._measure_at = now + BUSINESS_SECONDS
            for measure in self.parts.definition.measures(self.parts):
                self.parts.metrics.measured(measure)

    def fire_timers(self, most: int = 100) -> int:
        """Send the commands that are due; the number sent. Unanswered ones stay due."""
        after = timedelta(0) if self._driven else CLOCKS_DIFFER
        return timing.fire(self.parts, after=after, most=most)
