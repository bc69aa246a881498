"""A policy's part of a page: decide outside the transaction; events and position go in together."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from shared.errors import Busy, TimedOut, Unavailable, WuyeError
from shared.eventlog.decider import Context
from shared.eventlog.executor import EventLog
from shared.eventlog.store import UNSTORABLE, LostRace, StoreError, Tx, WriteHook
from shared.eventlog.unit_of_work import UnitOfWork
from shared.following import parked, positions, timers
from shared.following.handlers import Do, Done, ForgetPerson, Park, Policy, Retry, SetTimer
from shared.following.positions import Place
from shared.following.reader import Reader
from shared.following.source import Page
from shared.following.viewing import Stopped
from shared.messaging.envelope import Fact
from shared.observability import logging as observed
from shared.observability import tracing
from shared.privacy.keyring import Keyring

logger = logging.getLogger(__name__)

MOST_A_PAGE = 50
MOST_PARKED = 100
INFRASTRUCTURE = (StoreError, OSError, Unavailable, Busy, TimedOut)


class Hold(Exception):
    """Wait, then ask again from the same place."""

    def __init__(self, after: float, reason: str) -> None:
        super().__init__(reason)
        self.after = after


class Crowded(Exception):
    """So much is parked that the fault must be the policy's own."""


class _Batch:
    """What one transaction of a policy is to write, and how many of its commands were refused."""

    def __init__(self, log: EventLog) -> None:
        self.work = UnitOfWork(log)
        self.rows: list[WriteHook] = []
        self.refused = 0

    def savepoint(self) -> Callable[[], None]:
        """Call what this returns to take back everything added after it."""
        undo_work, rows, refused = self.work.savepoint(), len(self.rows), self.refused

        def undo() -> None:
            undo_work()
            del self.rows[rows:]
            self.refused = refused

        return undo


class PolicyRunner:
    def __init__(
        self,
        policy: Policy,
        log: EventLog,
        reader: Reader,
        keyring: Keyring,
        digest: Callable[[Any], str],
        now: Callable[[], datetime],
        on_refused: Callable[[str], None] = lambda policy: None,
    ) -> None:
        self.policy = policy
        self._log = log
        self._reader = reader
        self._keyring = keyring
        self._digest = digest
        self._now = now
        self._on_refused = on_refused

    def apply(self, place: Place, page: Page) -> Place:
        """Handle as much of the page as goes into one transaction (halved on a race); the new
        place.

        Raises ``Hold``, ``Stopped``, ``LostLead`` and ``StoreError``.
        """
        facts = list(page.events[:MOST_A_PAGE])
        while True:
            try:
                return self._apply(place, page, facts)
            except LostRace:
                facts = facts[: max(1, len(facts) // 2)]

    def _apply(self, place: Place, page: Page, facts: Sequence[Fact]) -> Place:
        batch = _Batch(self._log)
        with self._log.store.reading() as tx:
            aside = parked.subjects(tx, self.policy.name)
        done, last_id = place.position, place.last_id
        end: Hold | Crowded | None = None
        for fact in facts:
            if fact.type in self.policy.handles:
                try:
                    self._handle(fact, batch, aside)
                except (Hold, Crowded) as error:
                    end = error
                    break
            done, last_id = fact.position, fact.id
        if end is None and len(facts) == len(page.events):
            done = page.next
        if done == place.position:
            if isinstance(end, Crowded):
                raise Stopped("crowded", str(end), place)
            if end is not None:
                raise end
            return place

        def advance(tx: Tx) -> None:
            positions.advance(
                tx,
                self.policy.name,
                self.policy.build,
                self.policy.follows,
                start=place.position,
                to=done,
                log_id=page.log_id,
                last_id=last_id,
            )

        self._commit(batch, advance)
        return Place(done, page.log_id, last_id, "following")

    def retry(self, fact: Fact, row: parked.Parked) -> bool:
        """Try a parked event again at an operator's wish; True when it is handled now."""
        batch = _Batch(self._log)
        if fact.id != row.event_id or self._decide(fact, batch) is not None:
            return False
        self._commit(batch, lambda tx: parked.remove(tx, row))
        return True

    def has_room(self) -> bool:
        """Whether one more subject may be parked."""
        with self._log.store.reading() as tx:
            return len(parked.subjects(tx, self.policy.name)) < MOST_PARKED

    def _commit(self, batch: _Batch, first: WriteHook) -> None:
        def also(tx: Tx) -> None:
            first(tx)
            for write in batch.rows:
                write(tx)

        batch.work.commit(also)
        for _ in range(batch.refused):
            self._on_refused(self.policy.name)

    def _handle(self, fact: Fact, batch: _Batch, aside: set[str]) -> None:
        """Decide one event, or park it; ``aside`` are the subjects that are parked."""
        if fact.subject in aside:
            reason: str | None = "an earlier event of this subject is parked"
        else:
            reason = self._decide(fact, batch)
        if reason is None:
            return
        if fact.subject not in aside and len(aside) >= MOST_PARKED:
            raise Crowded(f"{self.policy.name}: {MOST_PARKED} subjects are parked")
        aside.add(fact.subject)
        batch.rows.append(parked.adding(self.policy.name, fact, reason, self._now()))

    def _decide(self, fact: Fact, batch: _Batch) -> str | None:
        """Decide one event; the reason when it is to be parked, and then nothing of it is done."""
        span = tracing.following(self._log.name, self.policy.name, [fact])
        error: str | None = "held"
        try:
            with observed.bound(correlation_id=fact.correlation_id, traceparent=span.traceparent):
                reason = self._decided(fact, batch, span.traceparent)
            error = None if reason is None else "parked"
            return reason
        finally:
            span.end(error)

    def _decided(self, fact: Fact, batch: _Batch, traceparent: str | None) -> str | None:
        undo = batch.savepoint()
        try:
            outcome = self.policy.decide(fact, self._reader)
            match outcome:
                case Retry(after, reason):
                    raise Hold(after, reason)
                case Park(reason):
                    return reason
                case Done(effects):
                    for effect in effects:
                        self._carry_out(fact, effect, batch, traceparent)
            return None
        except Hold:
            raise
        except INFRASTRUCTURE as error:
            if not isinstance(error, UNSTORABLE):
                undo()
                wait = error.retry_after if isinstance(error, WuyeError) else None
                raise Hold(wait or 1.0, str(error)) from error
            fault: Exception = error
        except Exception as error:
            fault = error
        undo()
        logger.error(
            "policy %s fails at %s %s", self.policy.name, fact.type, fact.id, exc_info=fault
        )
        return f"{type(fault).__name__}: {fault}"

    def _carry_out(
        self,
        fact: Fact,
        effect: Do | SetTimer | ForgetPerson,
        batch: _Batch,
        traceparent: str | None,
    ) -> None:
        match effect:
            case Do():
                self._add(fact, effect, batch, traceparent)
            case SetTimer():
                batch.rows.append(timers.setting(self.policy.name, effect))
            case ForgetPerson(person):
                self._keyring.destroy(person)

    def _add(self, fact: Fact, do: Do, batch: _Batch, traceparent: str | None) -> None:
        context = Context(
            actor=f"service:{self._log.name}",
            command_id=do.command_id,
            command_digest=self._digest(do.command),
            correlation_id=fact.correlation_id,
            causation_id=fact.id,
            traceparent=traceparent,
        )
        try:
            batch.work.add(do.decider, do.stream, do.command, context)
        except (Unavailable, Busy, TimedOut):
            raise
        except WuyeError as error:
            logger.warning("policy %s is refused for %s: %s", self.policy.name, fact.id, error)
            batch.refused += 1
