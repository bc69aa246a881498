"""Policies' part of a page: decide outside the transaction; events and positions go in together.

What all of them want is found out first, so that one look at the store brings every stream they are
going to write to.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from shared.errors import Busy, TimedOut, Unavailable, WuyeError
from shared.eventlog.decider import Context
from shared.eventlog.executor import EventLog
from shared.eventlog.store import UNSTORABLE, LostRace, StoreError, Tx
from shared.following import parked, positions, timers, viewing
from shared.following.batch import Answered, Asked, Batch, Crowded, Hold
from shared.following.handlers import Do, Done, ForgetPerson, Park, Policy, Retry, SetTimer
from shared.following.positions import Place
from shared.following.reader import Reader
from shared.following.source import Page
from shared.following.viewing import Stopped
from shared.messaging.envelope import Fact
from shared.observability import logging as observed
from shared.observability import tracing
from shared.observability.tracing import Span
from shared.privacy.keyring import Keyring

logger = logging.getLogger(__name__)

# As many as come while policies rest, under full load: what a page leaves over lets nobody rest.
MOST_A_PAGE = 300
MOST_PARKED = 100
NOTHING = Done()
INFRASTRUCTURE = (StoreError, OSError, Unavailable, Busy, TimedOut)


def _waits(error: Exception) -> bool:
    """Whether it is no fault of the event: later it may be well."""
    return isinstance(error, INFRASTRUCTURE) and not isinstance(error, UNSTORABLE)


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
        self.log = log
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
        most = MOST_A_PAGE
        while True:
            try:
                return self._apply(place, page, most)
            except LostRace:
                most = max(1, min(most, len(page.events)) // 2)

    def _apply(self, place: Place, page: Page, most: int) -> Place:
        batch = Batch(self.log)
        with self.log.store.reading() as tx:
            aside = parked.subjects(tx, [self.policy.name])[self.policy.name]
        asked = self.ask(page.events[:most], aside)
        batch.foresee([asked])
        after, end = self.carry_out(place, page, most, asked, batch, aside)
        if after.position == place.position:
            if isinstance(end, Crowded):
                raise Stopped("crowded", str(end), place)
            if end is not None:
                raise end
            return place
        batch.commit(lambda tx: self.advance(tx, place, after))
        self.tell(batch)
        return after

    def advance(self, tx: Tx, place: Place, after: Place) -> None:
        handlers = [(self.policy.name, self.policy.build)]
        positions.advance(tx, handlers, self.policy.follows, start=place.position, to=after)

    def tell(self, batch: Batch) -> None:
        """Count what was refused, once it is settled."""
        for _ in range(batch.refused[self.policy.name]):
            self._on_refused(self.policy.name)

    def retry(self, fact: Fact, row: parked.Parked) -> bool:
        """Try a parked event again at an operator's wish; True when it is handled now."""
        if fact.id != row.event_id:
            return False
        batch = Batch(self.log)
        asked = self.ask([fact], set())
        if asked.end is not None:
            raise asked.end
        if any(self._settled(answer, batch) is not None for answer in asked.answers):
            return False
        batch.commit(lambda tx: parked.remove(tx, row))
        self.tell(batch)
        return True

    def has_room(self) -> bool:
        """Whether one more subject may be parked."""
        with self.log.store.reading() as tx:
            return len(parked.subjects(tx, [self.policy.name])[self.policy.name]) < MOST_PARKED

    def ask(self, facts: Sequence[Fact], aside: set[str]) -> Asked:
        """What the policy wants, event by event, until it wants to wait.

        ``aside``: the subjects that are parked; those are not asked about.
        """
        facts = [fact for fact in facts if fact.type in self.policy.handles]
        answers: list[Answered] = []
        if not facts:
            return Asked(answers)
        try:
            with self._reader.one_look():
                self._ask(facts, set(aside), answers)
        except Hold as hold:
            end = hold
        except INFRASTRUCTURE as error:
            end = _held(error)
        else:
            return Asked(answers)
        return Asked(answers, end, facts[len(answers)].position)

    def _ask(self, facts: Sequence[Fact], aside: set[str], answers: list[Answered]) -> None:
        self._look_ahead(facts)
        for fact in facts:
            span = tracing.following(self.log.name, self.policy.name, [fact])
            outcome = None
            if fact.subject not in aside:
                try:
                    with _of(fact, span):
                        outcome = self._outcome(fact)
                except BaseException:
                    span.end("held")
                    raise
            if not isinstance(outcome, Done):
                aside.add(fact.subject)
            answers.append(Answered(fact, outcome, span))

    def _look_ahead(self, facts: Sequence[Fact]) -> None:
        """Whose event it is that makes this fail, each tells by itself: that one is parked."""
        try:
            if self.policy.ahead is not None:
                self.policy.ahead(facts, self._reader)
        except Exception as error:
            if _waits(error):
                raise
            logger.warning("policy %s looks up one by one: %s", self.policy.name, error)

    def _outcome(self, fact: Fact) -> Done | Park | Exception:
        try:
            outcome = self.policy.decide(fact, self._reader)
        except Exception as error:
            if _waits(error):
                raise
            return error
        if isinstance(outcome, Retry):
            raise Hold(outcome.after, outcome.reason)
        return outcome

    def carry_out(
        self, place: Place, page: Page, most: int, asked: Asked, batch: Batch, aside: set[str]
    ) -> tuple[Place, Hold | Crowded | None]:
        """Add what it wants of a page's first events to the batch; where it stands then, and why
        it went no further. ``aside`` grows by what is parked.
        """
        end: Hold | Crowded | None = asked.end
        stop = asked.stop
        for answer in asked.answers:
            try:
                self._handle(answer, batch, aside)
            except (Hold, Crowded) as error:
                end, stop = error, answer.fact.position
                break
            finally:
                answer.span.end("held")
        first = page.events[:most]
        done = first if stop is None else [fact for fact in first if fact.position < stop]
        if len(done) == len(page.events):
            return viewing.behind(place, page), end
        return (viewing.behind(place, page.first(len(done))) if done else place), end

    def _handle(self, answer: Answered, batch: Batch, aside: set[str]) -> None:
        """Carry out what was answered to one event, or park it."""
        fact = answer.fact
        if fact.subject in aside:
            reason: str | None = "an earlier event of this subject is parked"
        else:
            reason = self._settled(answer, batch)
        if reason is None:
            return
        if fact.subject not in aside and len(aside) >= MOST_PARKED:
            raise Crowded(f"{self.policy.name}: {MOST_PARKED} subjects are parked")
        aside.add(fact.subject)
        batch.rows.append(parked.adding(self.policy.name, fact, reason, self._now()))

    def _settled(self, answer: Answered, batch: Batch) -> str | None:
        if answer.outcome == NOTHING:
            answer.span.end()
            return None
        with _of(answer.fact, answer.span):
            reason = self._settle(answer, batch)
        answer.span.end(None if reason is None else "parked")
        return reason

    def _settle(self, answer: Answered, batch: Batch) -> str | None:
        """Add what an event leads to; the reason when it is to be parked, and then nothing is."""
        fact, outcome, span = answer
        fault: Exception
        match outcome:
            case Park(reason):
                return reason
            case Done(effects):
                # One alone adds all of it or nothing.
                undo = batch.savepoint() if len(effects) > 1 else None
                try:
                    for effect in effects:
                        self._carry_out(fact, effect, batch, span.traceparent)
                    return None
                except Exception as error:
                    if undo is not None:
                        undo()
                    if _waits(error):
                        raise _held(error) from error
                    fault = error
            case Exception():
                fault = outcome
            case _:
                raise AssertionError(outcome)
        logger.error(
            "policy %s fails at %s %s", self.policy.name, fact.type, fact.id, exc_info=fault
        )
        return f"{type(fault).__name__}: {fault}"

    def _carry_out(
        self,
        fact: Fact,
        effect: Do | SetTimer | ForgetPerson,
        batch: Batch,
        traceparent: str | None,
    ) -> None:
        match effect:
            case Do():
                self._add(fact, effect, batch, traceparent)
            case SetTimer():
                batch.timers.append((self.policy.name, timers.checked(effect)))
            case ForgetPerson(person):
                self._keyring.destroy(person)

    def _add(self, fact: Fact, do: Do, batch: Batch, traceparent: str | None) -> None:
        context = Context(
            actor=f"service:{self.log.name}",
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
            batch.refused[self.policy.name] += 1


def _of(fact: Fact, span: Span) -> AbstractContextManager[None]:
    """What is logged within it is known to be of this event."""
    return observed.bound(correlation_id=fact.correlation_id, traceparent=span.traceparent)


def _held(error: Exception) -> Hold:
    wait = error.retry_after if isinstance(error, WuyeError) else None
    return Hold(wait or 1.0, str(error))


def apply_together(
    runners: Sequence[PolicyRunner], place: Place, page: Page
) -> Mapping[PolicyRunner, Place]:
    """Several policies of one place in one transaction; where those stand that came any further.

    Raises what their transaction ends with, ``LostRace`` among it; then nothing was done.
    """
    log = runners[0].log
    batch = Batch(log)
    with log.store.reading() as tx:
        aside = parked.subjects(tx, [one.policy.name for one in runners])
    asked = {one: one.ask(page.events[:MOST_A_PAGE], aside[one.policy.name]) for one in runners}
    batch.foresee(asked.values())
    moved: dict[PolicyRunner, Place] = {}
    for one in runners:
        after, _ = one.carry_out(
            place, page, MOST_A_PAGE, asked[one], batch, aside[one.policy.name]
        )
        if after.position != place.position:
            moved[one] = after

    def advance(tx: Tx) -> None:
        for one, after in moved.items():
            one.advance(tx, place, after)

    if moved:
        batch.commit(advance)
        for one in moved:
            one.tell(batch)
    return moved
