"""A policy's part of a page: decide outside the transaction; events and position go in together."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from shared.errors import Busy, Conflict, Unavailable, WuyeError
from shared.eventlog.decider import Context
from shared.eventlog.executor import EventLog
from shared.eventlog.store import LostRace, StoreError, Tx
from shared.eventlog.unit_of_work import UnitOfWork
from shared.following import parked, positions, timers
from shared.following.handlers import Do, Done, ForgetPerson, Park, Policy, Retry, SetTimer
from shared.following.positions import Place
from shared.following.reader import Reader
from shared.following.source import Page
from shared.following.viewing import Stopped
from shared.messaging.envelope import Fact
from shared.privacy.keyring import Keyring

logger = logging.getLogger(__name__)

MOST_A_PAGE = 50
MOST_PARKED = 100


class Hold(Exception):
    """Wait, then ask again from the same place."""

    def __init__(self, after: float, reason: str) -> None:
        super().__init__(reason)
        self.after = after


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

        Raises ``Hold``, ``Stopped`` and ``LostLead``.
        """
        facts = list(page.events[:MOST_A_PAGE])
        while True:
            try:
                return self._apply(place, page, facts)
            except LostRace:
                facts = facts[: max(1, len(facts) // 2)]

    def _apply(self, place: Place, page: Page, facts: Sequence[Fact]) -> Place:
        work = UnitOfWork(self._log)
        rows: list[Callable[[Tx], None]] = []
        with self._log.store.reading() as tx:
            aside = parked.subjects(tx, self.policy.name)
        done = place.position
        last_id = place.last_id
        held: Hold | None = None
        for fact in facts:
            if self.policy.handles.get(fact.type) is not None:
                if fact.subject in aside:
                    rows.append(self._parking(fact, "an earlier event of this subject is parked"))
                else:
                    try:
                        outcome = self._decide(fact, work, rows)
                    except Hold as hold:
                        held = hold
                        break
                    if outcome is not None:
                        aside.add(fact.subject)
                        if len(aside) > MOST_PARKED:
                            raise Stopped(
                                "crowded",
                                f"{self.policy.name}: more than {MOST_PARKED} subjects parked",
                            )
                        rows.append(self._parking(fact, outcome))
            done, last_id = fact.position, fact.id
        if held is None and len(facts) == len(page.events):
            done = page.next
        if done != place.position:

            def also(tx: Tx) -> None:
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
                for row in rows:
                    row(tx)

            work.commit(also)
        if held is not None and done == place.position:
            raise held
        return Place(done, page.log_id, last_id, "following")

    def retry(self, fact: Fact, row: parked.Parked) -> bool:
        """Try a parked event again at an operator's wish; True when it is handled now."""
        work = UnitOfWork(self._log)
        rows: list[Callable[[Tx], None]] = []
        if self._decide(fact, work, rows) is not None:
            return False

        def also(tx: Tx) -> None:
            parked.remove(tx, row)
            for write in rows:
                write(tx)

        work.commit(also)
        return True

    def _decide(self, fact: Fact, work: UnitOfWork, rows: list[Callable[[Tx], None]]) -> str | None:
        """Decide one event; the reason when it is to be parked."""
        try:
            outcome = self.policy.decide(fact, self._reader)
        except (Unavailable, Busy) as error:
            raise Hold(error.retry_after or 1.0, str(error)) from error
        except (StoreError, OSError):
            raise  # infrastructure: hold the whole handler, park nothing
        except Exception as error:
            logger.exception("policy %s fails at %s %s", self.policy.name, fact.type, fact.id)
            return f"{type(error).__name__}: {error}"
        match outcome:
            case Retry(after, reason):
                raise Hold(after, reason)
            case Park(reason):
                return reason
            case Done(effects):
                for effect in effects:
                    match effect:
                        case Do():
                            self._add(fact, effect, work)
                        case SetTimer():
                            rows.append(timers.setting(self.policy.name, effect))
                        case ForgetPerson(person):
                            self._keyring.destroy(person)
        return None

    def _add(self, fact: Fact, do: Do, work: UnitOfWork) -> None:
        context = Context(
            actor=f"service:{self._log.name}",
            command_id=do.command_id,
            command_digest=self._digest(do.command),
            correlation_id=fact.correlation_id,
            causation_id=fact.id,
            traceparent=fact.traceparent,
        )
        try:
            work.add(do.decider, do.stream, do.command, context)
        except (Unavailable, Busy):
            raise
        except Conflict as error:
            logger.warning("policy %s: %s was done otherwise: %s", self.policy.name, fact.id, error)
            self._on_refused(self.policy.name)
        except WuyeError as error:
            logger.warning("policy %s is refused for %s: %s", self.policy.name, fact.id, error)
            self._on_refused(self.policy.name)

    def _parking(self, fact: Fact, reason: str) -> Callable[[Tx], None]:
        return parked.adding(self.policy.name, fact, reason, self._now())
