"""What policies want of a page, and the one transaction that carries it out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from shared.eventlog.executor import EventLog
from shared.eventlog.store import Tx, WriteHook
from shared.eventlog.unit_of_work import UnitOfWork
from shared.following import timers
from shared.following.handlers import Do, Done, Park, SetTimer
from shared.messaging.envelope import Fact
from shared.observability.tracing import Span


class Hold(Exception):
    """Wait, then ask again from the same place."""

    def __init__(self, after: float, reason: str) -> None:
        super().__init__(reason)
        self.after = after


class Crowded(Exception):
    """So much is parked that the fault must be the policy's own."""


class Answered(NamedTuple):
    """What a policy said of one event; None: nothing, since its subject is parked."""

    fact: Fact
    outcome: Done | Park | Exception | None
    span: Span


class Asked(NamedTuple):
    """A policy asked about a page: as far as the position ``stop``, where it ``end``s in a wait."""

    answers: Sequence[Answered]
    end: Hold | None = None
    stop: int | None = None


class Batch:
    """What one transaction of policies is to write, and how many commands of each were refused."""

    def __init__(self, log: EventLog) -> None:
        self.work = UnitOfWork(log)
        self.rows: list[WriteHook] = []
        self.timers: list[tuple[str, SetTimer]] = []
        self.refused: Counter[str] = Counter()

    def foresee(self, asked: Iterable[Asked]) -> None:
        """Read the streams that all this will write to."""
        self.work.foresee(
            (effect.decider, effect.stream)
            for one in asked
            for answer in one.answers
            if isinstance(answer.outcome, Done)
            for effect in answer.outcome.effects
            if isinstance(effect, Do)
        )

    def savepoint(self) -> Callable[[], None]:
        """Call what this returns to take back everything added after it."""
        undo_work, rows, times = self.work.savepoint(), len(self.rows), len(self.timers)
        refused = self.refused.copy()

        def undo() -> None:
            undo_work()
            del self.rows[rows:], self.timers[times:]
            self.refused = refused

        return undo

    def commit(self, first: WriteHook) -> None:
        def also(tx: Tx) -> None:
            first(tx)
            for write in self.rows:
                write(tx)
            timers.set_all(tx, self.timers)

        self.work.commit(also)
