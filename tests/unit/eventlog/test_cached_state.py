"""Cached state may only lead to an append, which the version guards."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import msgspec
import pytest

from shared.errors import Conflict
from shared.eventlog import states
from shared.eventlog.cache import NEVER, Entry, StateCache
from shared.eventlog.decider import Answer, Decider
from shared.eventlog.records import Meta
from shared.eventlog.store import Store
from shared.privacy.personal import Personal
from tests.support.stores import Opener, Spy
from tests.support.toy import JAR, Add, Bench, CoinsAdded, Jar, NotEnough, Take, context, stream


@pytest.fixture
def jar(two: tuple[Bench, Bench]) -> str:
    """Both processes have it in their caches, with 5 coins; then the first one changes it."""
    one, other = two
    jar = stream()
    one.log.execute(JAR, jar, Add(amount=5), context())
    assert other.log.load(JAR, jar) == (Jar(coins=5), 1)
    return jar


def test_a_refusal_is_answered_after_reading_on(two: tuple[Bench, Bench], jar: str) -> None:
    one, other = two
    one.log.execute(JAR, jar, Add(amount=5), context())
    assert other.log.execute(JAR, jar, Take(amount=8), context()).state == Jar(coins=2)


def test_an_append_on_a_stale_state_is_decided_again(two: tuple[Bench, Bench], jar: str) -> None:
    one, other = two
    one.log.execute(JAR, jar, Take(amount=4), context())
    with pytest.raises(NotEnough):
        other.log.execute(JAR, jar, Take(amount=4), context())
    assert other.log.execute(JAR, jar, Take(amount=1), context()).version == 3


def test_a_no_op_is_answered_after_reading_on(two: tuple[Bench, Bench], jar: str) -> None:
    one, other = two
    last = one.log.execute(JAR, jar, Add(amount=5), context())
    answer = other.log.execute(JAR, jar, Add(amount=0), context())
    assert (answer.version, answer.state, answer.position) == (2, Jar(coins=10), last.position)


def test_a_query_is_answered_after_reading_on(two: tuple[Bench, Bench], jar: str) -> None:
    one, other = two
    one.log.execute(JAR, jar, Add(amount=5), context())
    assert other.log.load(JAR, jar) == (Jar(coins=10), 2)


def test_an_expected_version_is_compared_after_reading_on(
    two: tuple[Bench, Bench], jar: str
) -> None:
    one, other = two
    one.log.execute(JAR, jar, Add(amount=5), context())
    assert other.log.execute(JAR, jar, Add(amount=1), context(), expected_version=2).version == 3
    with pytest.raises(Conflict, match="at 3"):
        other.log.execute(JAR, jar, Add(amount=1), context(), expected_version=2)


def test_a_stream_taken_for_new_is_not_read_before_its_first_event(store: Store) -> None:
    spy = Spy(store)
    bench, jar = Bench(spy), stream()
    assert bench.log.execute(JAR, jar, Add(amount=5), context(), new=True).version == 1
    assert spy.reads == 0
    # What this process knows goes before the guess: no race is lost over it.
    assert bench.log.execute(JAR, jar, Add(amount=5), context(), new=True).version == 2
    assert (spy.reads, spy.transactions) == (0, 2)


def test_a_stream_taken_for_new_may_have_been_there(two: tuple[Bench, Bench]) -> None:
    """It is found by the lost race, by a refusal, or by the command's own id."""
    one, other = two
    jar, first = stream(), context()
    made = one.log.execute(JAR, jar, Add(amount=5), first)
    assert other.another().execute(JAR, jar, Add(amount=1), context(), new=True).version == 2
    assert other.another().execute(JAR, jar, Take(amount=6), context(), new=True).version == 3
    again = other.another().execute(JAR, jar, Add(amount=5), first, new=True)
    assert (again.repeated, again.position) == (True, made.position)


def test_what_is_known_is_read_only_where_nothing_is(two: tuple[Bench, Bench], jar: str) -> None:
    one, other = two
    one.log.execute(JAR, jar, Add(amount=5), context())
    assert other.log.known(JAR, jar) == (Jar(coins=5), 1)
    assert other.another().known(JAR, jar) == (Jar(coins=10), 2)


def test_a_recent_state_is_as_old_as_a_second_at_most(
    two: tuple[Bench, Bench], jar: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = two
    empty = stream()
    assert (other.log.recent(JAR, jar), other.log.recent(JAR, empty)) == (Jar(coins=5), Jar())
    one.log.execute(JAR, jar, Add(amount=5), context())
    one.log.execute(JAR, empty, Add(amount=5), context())
    assert (other.log.recent(JAR, jar), other.log.recent(JAR, empty)) == (Jar(coins=5), Jar())
    monkeypatch.setattr(states, "RECENT_SECONDS", 0.0)
    assert (other.log.recent(JAR, jar), other.log.recent(JAR, empty)) == (
        Jar(coins=10),
        Jar(coins=5),
    )


def test_a_recent_state_knows_what_this_process_wrote(two: tuple[Bench, Bench], jar: str) -> None:
    one, _ = two
    empty = stream()
    assert (one.log.recent(JAR, jar), one.log.recent(JAR, empty)) == (Jar(coins=5), Jar())
    for each in (jar, empty):
        one.log.execute(JAR, each, Add(amount=1), context())
    assert (one.log.recent(JAR, jar), one.log.recent(JAR, empty)) == (Jar(coins=6), Jar(coins=1))


def test_those_who_ask_for_a_recent_state_at_once_share_one_reading(
    memory: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    spy, jar = Spy(memory), stream()
    Bench(memory).log.execute(JAR, jar, Add(amount=5), context())
    log, read, go = Bench(spy).log, spy.read_stream, threading.Event()

    def slow(*args: Any, **more: Any) -> Any:
        go.wait(5)
        return read(*args, **more)

    monkeypatch.setattr(spy, "read_stream", slow)
    told: list[Any] = []
    askers = [threading.Thread(target=lambda: told.append(log.recent(JAR, jar))) for _ in range(5)]
    for one in askers:
        one.start()
    time.sleep(0.05)
    go.set()
    for one in askers:
        one.join()
    assert (told, spy.reads) == ([Jar(coins=5)] * 5, 1)


def test_a_stream_known_as_empty_is_read_again(open_store: Opener) -> None:
    one, other = Bench(open_store()), Bench(open_store())
    jar = stream()
    assert other.log.load(JAR, jar) == (Jar(), 0)
    with pytest.raises(NotEnough):
        other.log.execute(JAR, jar, Take(amount=1), context())
    one.log.execute(JAR, jar, Add(amount=5), context())
    assert other.log.load(JAR, jar) == (Jar(coins=5), 1)
    assert other.log.execute(JAR, jar, Take(amount=1), context()).version == 2
    one.close()
    other.close()


class Rival:
    """Writes to the same stream each time just before the bench's transaction does."""

    def __init__(self, spy: Spy, store: Store, jar: str, times: int) -> None:
        self.left = times
        self._bench = Bench(store)
        self._jar = jar
        spy.around = self.around

    @contextmanager
    def around(self) -> Iterator[None]:
        if self.left:
            self.left -= 1
            self._bench.log.execute(JAR, self._jar, Add(amount=1), context())
        yield


@pytest.fixture
def spied(memory: Store) -> Iterator[tuple[Bench, Spy]]:
    spy = Spy(memory)
    bench = Bench(spy)
    yield bench, spy
    bench.close()


def test_a_lost_race_is_decided_again_at_most_three_times(
    spied: tuple[Bench, Spy], memory: Store
) -> None:
    bench, spy = spied
    jar = stream()
    Rival(spy, memory, jar, times=3)
    answer = bench.log.execute(JAR, jar, Add(amount=10), context())
    assert (answer.version, answer.state) == (4, Jar(coins=13))
    rival = Rival(spy, memory, jar, times=9)
    with pytest.raises(Conflict):
        bench.log.execute(JAR, jar, Add(amount=10), context())
    assert rival.left == 9 - 4


def test_a_command_that_lost_its_last_race_to_itself_has_its_first_answer(
    spied: tuple[Bench, Spy], memory: Store
) -> None:
    """Sent again to another process while the first one still decides it again and again."""
    bench, spy = spied
    jar, once = stream(), context()
    twin = Bench(memory)
    races = iter(["other", "other", "other", "twin"])

    @contextmanager
    def around() -> Iterator[None]:
        racing = next(races) == "twin"
        twin.log.execute(JAR, jar, Add(amount=10), once if racing else context())
        yield

    spy.around = around
    answer = bench.log.execute(JAR, jar, Add(amount=10), once)
    assert (answer.repeated, answer.version, answer.state) == (True, 4, Jar(coins=40))
    assert len(bench.log.history(jar)) == 4


def test_a_lost_race_with_an_expected_version_is_a_conflict_at_once(
    spied: tuple[Bench, Spy], memory: Store
) -> None:
    bench, spy = spied
    jar = stream()
    bench.log.execute(JAR, jar, Add(amount=1), context())
    rival = Rival(spy, memory, jar, times=9)
    with pytest.raises(Conflict, match="expected version 1") as found:
        bench.log.execute(JAR, jar, Add(amount=10), context(), expected_version=1)
    assert list(found.value.fields) == ["expected_version"], "no other attempt would fare better"
    assert rival.left == 8


def test_many_threads_on_one_stream_and_a_repeat_of_each(two: tuple[Bench, Bench]) -> None:
    jar = stream()
    outcomes: list[Answer | Conflict] = []

    def work(bench: Bench, number: int) -> None:
        for turn in range(4):
            once = context(command_id=f"{number}-{turn}")
            for _ in range(2):
                try:
                    outcomes.append(bench.log.execute(JAR, jar, Add(amount=1), once))
                except Conflict as conflict:
                    outcomes.append(conflict)

    workers = [threading.Thread(target=work, args=(two[n % 2], n)) for n in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    done = [o for o in outcomes if isinstance(o, Answer) and not o.repeated]
    history = two[0].log.history(jar)
    assert [event.version for event in history] == list(range(1, len(done) + 1))
    assert len({event.meta.command_id for event in history}) == len(history)
    for bench in two:
        assert bench.log.load(JAR, jar) == (Jar(coins=len(done)), len(done))


class Till(msgspec.Struct):
    coins: int = 0


class Chest(msgspec.Struct, frozen=True):
    jars: list[Jar] = []


class Shelf(msgspec.Struct, frozen=True):
    till: Till | None = None


class Shop(msgspec.Struct, frozen=True):
    tills: tuple[Till, ...] = ()


@pytest.mark.parametrize("changeable", [Till, Chest, Shelf, Shop])
def test_a_state_that_could_be_changed_where_it_stands_is_refused(changeable: type) -> None:
    with pytest.raises(TypeError, match="frozen"):
        Decider("till", changeable, JAR.decide, JAR.evolve)


class Diary(msgspec.Struct, frozen=True):
    owner: str | None = None
    last: Annotated[str | None, Personal("owner")] = None


def test_personal_text_is_not_kept_in_memory_beyond_its_key(memory: Store) -> None:
    def evolve(diary: Diary, event: Any, meta: Meta) -> Diary:
        return Diary(owner=meta.actor, last=event.note)

    diaries = Decider(
        "diary", Diary, lambda command, diary, meta: [CoinsAdded(amount=0, note=command)], evolve
    )
    bench = Bench(memory)
    one = stream()
    bench.log.execute(diaries, one, "met Bob", context("c1.alice"))
    assert bench.log.load(diaries, one)[0].last == "met Bob"
    bench.keyring.destroy("c1.alice")
    assert bench.log.load(diaries, one)[0] == Diary(owner="c1.alice", last=None)
    bench.close()


def test_the_cache_forgets_what_was_not_asked_for_and_never_goes_back() -> None:
    cache = StateCache(size=2)
    for version, name in enumerate(("a", "b"), start=1):
        cache.put("jar", name, Entry(Jar(), version, NEVER, set()))
    assert cache.get("jar", "a") is not None
    cache.put("jar", "c", Entry(Jar(), 3, NEVER, set()))
    assert cache.get("jar", "b") is None and cache.get("jar", "a") is not None
    cache.put("jar", "c", Entry(Jar(), 2, NEVER, set()))
    found = cache.get("jar", "c")
    assert found is not None and found.version == 3
