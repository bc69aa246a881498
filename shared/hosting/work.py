"""What a service's leading ``work`` process does: relay, followers, timers, operators'
intentions.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable
from functools import partial

import msgspec

from shared.errors import Busy, TimedOut, Unavailable, WuyeError
from shared.eventlog.store import LostRace, StoreError
from shared.following import intentions, parked, timers
from shared.following.acting import Hold, PolicyRunner
from shared.following.follower import Follower, Following
from shared.following.handlers import Handler, Policy
from shared.following.positions import LostLead
from shared.following.rebuild import Progress, rebuild
from shared.following.source import LocalSource, LogSource
from shared.hosting.parts import Parts
from shared.hosting.relaying import relay_for
from shared.hosting.remote_source import RemoteSource
from shared.messaging.hints import HintListener
from shared.messaging.publisher import EventPublisher
from shared.messaging.relay import LostLead as RelayLostLead

logger = logging.getLogger(__name__)

ROUND_SECONDS = 1.0


class Work:
    """``on_lost`` is called when another leader is found at work: the process must end.

    ``driven``: nothing runs by itself. Whoever drives it steps ``followers`` and calls
    ``fire_timers``, so that all happens in an order of their choice; events are not relayed.
    """

    def __init__(
        self, parts: Parts, on_lost: Callable[[], None], *, driven: bool = False
    ) -> None:
        self.parts = parts
        self._on_lost = on_lost
        self._driven = driven
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self._hints: HintListener | None = None
        self._publisher: EventPublisher | None = None
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
        self._spawn("relay", lambda: self._relay.run(self._stop))
        self._spawn("rounds", self._rounds)

    def stop(self, timeout: float = 10.0) -> None:
        """End all threads within ``timeout`` seconds; what is open is taken up again at the next
        start.
        """
        self._stop.set()
        for source in self.sources.values():
            source.close()
        if self._hints is not None:
            self._hints.close()
        if self._publisher is not None:
            self._publisher.close()
        until = time.monotonic() + timeout
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

    # -- once a second -----------------------------------------------------------------------------

    def _rounds(self) -> None:
        while not self._stop.wait(ROUND_SECONDS):
            self._measure()
            try:
                self.fire_timers()
                self._carry_out()
                self._look_after_parked()
            except (WuyeError, StoreError, OSError, LostRace) as error:
                logger.warning("%s: %s; trying again", self.parts.name, error)

    def _measure(self) -> None:
        metrics, name = self.parts.metrics, self.parts.name
        try:
            metrics.relayed(name, self._relay.lag(), self._relay.oldest_unpublished_seconds())
        except StoreError:
            return  # readiness says so already
        for follower in self.followers:
            for one in follower.following:
                metrics.followed(
                    name, one.name, one.lag, one.place.status != "following", one.behind_seconds
                )

    def fire_timers(self) -> int:
        """Send the commands that are due; the number sent. Unanswered ones stay due."""
        fired = 0
        for timer in timers.due(self.parts.store, self.parts.clock.now()):
            service, _, name = timer.method.rpartition(".")
            try:
                self.parts.rpc.call(
                    service,
                    name,
                    {**timer.request, "command_id": timer.command_id},
                    auth_token=self.parts.identity.token(),
                )
            except (Busy, Unavailable, TimedOut) as error:
                logger.warning("timer %s of %s waits: %s", timer.rule, timer.subject, error)
                return fired
            except WuyeError as error:
                logger.info(
                    "timer %s of %s has nothing to do: %s", timer.rule, timer.subject, error
                )
            timers.mark_fired(self.parts.store, timer)
            fired += 1
        return fired

    def _carry_out(self) -> None:
        for intention in intentions.open_ones(self.parts.store):
            view = self.parts.definition.view(intention.target)
            if view is None:
                intentions.update(
                    self.parts.store, intention.id, "failed", {"reason": "no such view"}
                )
                continue

            def tell(progress: Progress, id: str = intention.id) -> None:
                intentions.update(self.parts.store, id, "running", msgspec.to_builtins(progress))

            try:
                found = rebuild(
                    view,
                    self.sources[view.follows],
                    self.parts.store,
                    self.parts.builds,
                    tell,
                    accept_difference=bool(intention.detail.get("accept_difference")),
                )
            except Exception as error:
                logger.exception("rebuilding %s failed", view.name)
                intentions.update(self.parts.store, intention.id, "failed", {"reason": str(error)})
            else:
                intentions.update(
                    self.parts.store, intention.id, "done", msgspec.to_builtins(found)
                )

    def _look_after_parked(self) -> None:
        store = self.parts.store
        stuck: set[tuple[str, str]] = set()
        for row in parked.listed(store, intended=True):
            if (row.handler, row.subject) in stuck:
                continue
            if row.intention == "drop":
                logger.warning("dropped by an operator: %s for %s", row.event_id, row.handler)
                with store.transaction() as tx:
                    parked.remove(tx, row)
                continue
            page = self.sources[row.log].read(row.position - 1, 1)
            try:
                done = bool(page.events) and self._runners[row.handler].retry(page.events[0], row)
            except Hold:
                done = False
            if not done:
                stuck.add((row.handler, row.subject))
                parked.intend(store, row.handler, row.subject, None)
        counts = Counter(row.handler for row in parked.listed(store))
        self.parts.metrics.parked(self.parts.name, counts)
