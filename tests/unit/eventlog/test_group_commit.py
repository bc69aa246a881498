"""Saves that happen at the same time share one transaction, and everybody is answered."""

from __future__ import annotations

import ctypes
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import pytest

from shared.errors import Busy, Unavailable
from shared.eventlog import groupcommit
from shared.eventlog.groupcommit import GroupCommit, OutcomeUnknown
from shared.eventlog.store import Append, Store
from tests.support.stores import Spy, append, connection_lost, item
from tests.support.toy import stream

killed_on_purpose = pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnhandledThreadExceptionWarning"
)

Outcome = list[int] | None | BaseException


class Saver(threading.Thread):
    """One caller; ``outcome`` is what it was told."""

    def __init__(self, commits: GroupCommit, item: Append) -> None:
        super().__init__(daemon=True)
        self._commits, self._item = commits, item
        self.outcome: Outcome = None
        self.start()

    def run(self) -> None:
        try:
            self.outcome = self._commits.append(self._item)
        except Exception as error:
            self.outcome = error

    def told(self) -> Outcome:
        self.join(10)
        assert not self.is_alive(), "nobody answered"
        return self.outcome


class Gate:
    """Holds transactions of a spied store until it is opened."""

    def __init__(self, spy: Spy) -> None:
        self.entered = threading.Event()
        self.open = threading.Event()
        spy.around = self.around

    @contextmanager
    def around(self) -> Iterator[None]:
        self.entered.set()
        while not self.open.wait(0.01):
            pass
        yield


def queued(commits: GroupCommit, count: int) -> None:
    until = time.monotonic() + 5
    while commits.queued < count:
        assert time.monotonic() < until
        time.sleep(0.001)


def kill(thread: threading.Thread | None) -> threading.Thread:
    """Raise SystemExit in a thread, as the end of a greenlet would. Join it within the test."""
    assert thread is not None and thread.ident is not None
    ctypes.pythonapi.PyThreadState_SetAsyncExc(
        ctypes.c_ulong(thread.ident), ctypes.py_object(SystemExit)
    )
    return thread


@pytest.fixture
def spy(memory: Store) -> Spy:
    return Spy(memory)


@pytest.fixture
def commits(spy: Spy) -> Iterator[GroupCommit]:
    commits = GroupCommit(spy)
    yield commits
    commits.close()


def test_what_gathers_while_one_flush_runs_goes_in_one_transaction(
    spy: Spy, commits: GroupCommit
) -> None:
    gate = Gate(spy)
    savers = [Saver(commits, item(stream(), 0))]
    assert gate.entered.wait(5)
    savers += [Saver(commits, item(stream(), 0)) for _ in range(20)]
    queued(commits, 20)
    gate.open.set()
    positions = [saver.told() for saver in savers]
    assert spy.transactions == 2
    assert sorted(positions, key=str) == sorted(([n] for n in range(1, 22)), key=str)


def test_after_a_crowd_a_flush_waits_for_as_many_and_alone_it_does_not(
    spy: Spy, commits: GroupCommit, monkeypatch: pytest.MonkeyPatch
) -> None:
    # longer than anybody is waited for here
    monkeypatch.setattr(groupcommit, "GATHER_SECONDS", 60.0)

    def save() -> float:
        began = time.monotonic()
        assert commits.append(item(stream(), 0))
        return time.monotonic() - began

    assert save() < 20.0 > save()
    gate = Gate(spy)
    first = Saver(commits, item(stream(), 0))
    assert gate.entered.wait(5)
    crowd = [Saver(commits, item(stream(), 0)) for _ in range(2)]
    queued(commits, 2)
    gate.open.set()
    for saver in (first, *crowd):
        saver.told()
    before = spy.transactions
    savers = [Saver(commits, item(stream(), 0))]
    time.sleep(0.1)
    savers.append(Saver(commits, item(stream(), 0)))
    assert all(saver.told() for saver in savers)
    assert spy.transactions == before + 1


def test_one_loser_does_not_fail_the_others(spy: Spy, commits: GroupCommit) -> None:
    a, b = stream(), stream()
    append(spy, item(a, 0))
    gate = Gate(spy)
    first = Saver(commits, item(stream(), 0))
    assert gate.entered.wait(5)
    loser, winner = Saver(commits, item(a, 0)), Saver(commits, item(b, 0))
    queued(commits, 2)
    gate.open.set()
    assert loser.told() is None
    assert isinstance(first.told(), list) and isinstance(winner.told(), list)


def test_a_commands_events_stand_or_fall_together(spy: Spy, commits: GroupCommit) -> None:
    a = stream()
    assert commits.append(item(a, 0, 2)) is not None
    assert commits.append(item(a, 1, 3)) is None
    won = commits.append(item(a, 2, 3))
    assert won is not None and len(won) == 3
    assert [e.originator_version for e in spy.read_stream(a)] == [1, 2, 3, 4, 5]


def test_a_failed_transaction_leaves_the_outcome_unknown_and_is_not_tried_again(
    spy: Spy, commits: GroupCommit
) -> None:
    spy.around = partial(connection_lost, committed=False)
    with pytest.raises(OutcomeUnknown, match="lost"):
        commits.append(item(stream(), 0))
    assert spy.transactions == 1
    spy.around = None
    assert commits.append(item(stream(), 0)) == [1]


def test_a_full_queue_answers_busy(spy: Spy) -> None:
    commits = GroupCommit(spy, queue_limit=2)
    gate = Gate(spy)
    savers = [Saver(commits, item(stream(), 0))]
    assert gate.entered.wait(5)
    savers += [Saver(commits, item(stream(), 0)) for _ in range(2)]
    queued(commits, 2)
    with pytest.raises(Busy) as busy:
        commits.append(item(stream(), 0))
    assert busy.value.retry_after
    gate.open.set()
    assert all(isinstance(saver.told(), list) for saver in savers)
    commits.close()


@killed_on_purpose
def test_the_flush_answers_everybody_even_when_killed(spy: Spy, commits: GroupCommit) -> None:
    gate = Gate(spy)
    savers = [Saver(commits, item(stream(), 0))]
    assert gate.entered.wait(5)
    savers += [Saver(commits, item(stream(), 0)) for _ in range(5)]
    queued(commits, 5)
    killed = kill(commits._thread)
    assert all(isinstance(saver.told(), OutcomeUnknown) for saver in savers)
    assert spy.head() == 0
    spy.around = None
    assert commits.append(item(stream(), 0)) == [1]
    killed.join(5)


@killed_on_purpose
def test_who_waits_is_answered_when_the_flush_was_killed_before_it_began(
    commits: GroupCommit,
) -> None:
    assert commits.append(item(stream(), 0)) == [1]
    while not commits._wake._waiters:  # type: ignore[attr-defined]
        time.sleep(0.001)
    killed = kill(commits._thread)  # takes effect when it wakes for the next one
    began = time.monotonic()
    with pytest.raises(OutcomeUnknown):
        commits.append(item(stream(), 0))
    assert time.monotonic() - began < 5
    assert commits.append(item(stream(), 0)) == [2]
    killed.join(5)


def test_who_is_not_answered_in_time_does_not_know(spy: Spy) -> None:
    commits = GroupCommit(spy, patience=0.05)
    gate = Gate(spy)
    began = time.monotonic()
    with pytest.raises(OutcomeUnknown, match="in time"):
        commits.append(item("c1.late", 0))
    assert time.monotonic() - began < 5
    gate.open.set()
    commits.close()
    assert len(spy.read_stream("c1.late")) == 1


def test_closing_stores_what_is_queued_and_takes_nothing_more(spy: Spy) -> None:
    commits = GroupCommit(spy)
    gate = Gate(spy)
    savers = [Saver(commits, item(stream(), 0))]
    assert gate.entered.wait(5)
    savers += [Saver(commits, item(stream(), 0)) for _ in range(3)]
    queued(commits, 3)
    closing = threading.Thread(target=commits.close)
    closing.start()
    gate.open.set()
    closing.join(5)
    assert [isinstance(saver.told(), list) for saver in savers] == [True] * 4
    with pytest.raises(Unavailable):
        commits.append(item(stream(), 0))


def test_every_flush_is_counted(memory: Store) -> None:
    told: list[tuple[int, int]] = []
    commits = GroupCommit(memory, on_flush=lambda size, lost, _: told.append((size, lost)))
    assert commits.append(item("c1.a", 0)) == [1]
    assert commits.append(item("c1.a", 0)) is None
    commits.close()
    assert told == [(1, 0), (1, 1)]
