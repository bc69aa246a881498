"""Commands are idempotent by the stream itself."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shared.errors import Conflict
from shared.eventlog.unit_of_work import UnitOfWork
from tests.support.toy import JAR, START, Add, Bench, Jar, NotEnough, Take, context, stream


def test_the_same_command_twice_is_carried_out_once(two: tuple[Bench, Bench]) -> None:
    one, other = two
    jar, once = stream(), context()
    first = one.log.execute(JAR, jar, Add(amount=3, times=2), once)
    assert not first.repeated
    for log in (one.log, other.log):
        again = log.execute(JAR, jar, Add(amount=3, times=2), once)
        assert again.repeated
        assert (again.version, again.position, again.state) == (
            first.version,
            first.position,
            first.state,
        )
        assert [event.id for event in again.events] == [event.id for event in first.events]
    assert len(one.log.history(jar)) == 2


def test_the_first_answer_is_recomputed_although_the_stream_went_on(bench: Bench) -> None:
    jar, once = stream(), context()
    first = bench.log.execute(JAR, jar, Add(amount=3, times=2), once)
    bench.log.execute(JAR, jar, Take(amount=6), context())
    bench.log.execute(JAR, jar, Add(amount=1), context())
    again = bench.log.execute(JAR, jar, Add(amount=3, times=2), once)
    assert (again.version, again.state, again.position) == (2, Jar(coins=6), first.position)


def test_the_same_id_with_other_content_is_a_conflict(bench: Bench) -> None:
    jar = stream()
    bench.log.execute(JAR, jar, Add(amount=3), context(command_id="x", digest="one"))
    with pytest.raises(Conflict) as error:
        bench.log.execute(JAR, jar, Add(amount=4), context(command_id="x", digest="other"))
    assert "command_id" in error.value.fields
    assert bench.log.load(JAR, jar) == (Jar(coins=3), 1)


def test_the_same_id_by_another_actor_is_a_conflict(bench: Bench) -> None:
    jar = stream()
    bench.log.execute(JAR, jar, Add(amount=3), context("c1.alice", "x"))
    with pytest.raises(Conflict):
        bench.log.execute(JAR, jar, Add(amount=3), context("c1.mallory", "x"))


def test_a_repeated_id_is_found_before_a_refusal(two: tuple[Bench, Bench]) -> None:
    one, other = two
    jar, take = stream(), context()
    one.log.execute(JAR, jar, Add(amount=3), context())
    other.log.load(JAR, jar)
    one.log.execute(JAR, jar, Take(amount=3), take)
    for log in (one.log, other.log):  # decided anew it would be refused: the jar is empty
        assert log.execute(JAR, jar, Take(amount=3), take).repeated
    with pytest.raises(NotEnough):
        other.log.execute(JAR, jar, Take(amount=3), context())


def test_a_repeated_id_is_found_before_a_conflict_of_versions(two: tuple[Bench, Bench]) -> None:
    one, other = two
    jar, once = stream(), context()
    one.log.execute(JAR, jar, Add(amount=3), context())
    other.log.load(JAR, jar)
    one.log.execute(JAR, jar, Add(amount=1), once, expected_version=1)
    one.log.execute(JAR, jar, Add(amount=1), context())
    for log in (one.log, other.log):
        again = log.execute(JAR, jar, Add(amount=1), once, expected_version=1)
        assert (again.repeated, again.version) == (True, 2)


def test_a_repeated_id_is_found_where_what_was_known_led_to_no_append(
    two: tuple[Bench, Bench],
) -> None:
    """The other process reads on because of a refusal or conflict, and meets the command itself."""
    one, other = two
    jar, take, add = stream(), context(), context()
    one.log.execute(JAR, jar, Add(amount=1), context())
    other.log.load(JAR, jar)
    one.log.execute(JAR, jar, Add(amount=2), context())
    one.log.execute(JAR, jar, Take(amount=3), take)
    again = other.log.execute(JAR, jar, Take(amount=3), take)
    assert (again.repeated, again.version) == (True, 3)
    one.log.execute(JAR, jar, Add(amount=1), context())
    one.log.execute(JAR, jar, Add(amount=1), add, expected_version=4)
    again = other.log.execute(JAR, jar, Add(amount=1), add, expected_version=4)
    assert (again.repeated, again.version) == (True, 5)


def test_a_repeated_id_is_found_where_the_other_process_knew_the_stream_as_empty(
    two: tuple[Bench, Bench],
) -> None:
    one, other = two
    jar, once = stream(), context()
    assert other.log.load(JAR, jar) == (Jar(), 0)
    one.log.execute(JAR, jar, Add(amount=3), once)
    assert other.log.execute(JAR, jar, Add(amount=3), once).repeated
    assert other.log.load(JAR, jar) == (Jar(coins=3), 1)


def test_refusals_are_not_remembered(bench: Bench) -> None:
    jar, take = stream(), context()
    with pytest.raises(NotEnough):
        bench.log.execute(JAR, jar, Take(amount=3), take)
    bench.log.execute(JAR, jar, Add(amount=3), context())
    answer = bench.log.execute(JAR, jar, Take(amount=3), take)
    assert (answer.repeated, answer.state) == (False, Jar())


def test_a_command_that_changes_nothing_answers_with_what_there_is(bench: Bench) -> None:
    jar = stream()
    assert bench.log.execute(JAR, jar, Add(amount=0), context()).version == 0
    first = bench.log.execute(JAR, jar, Add(amount=2), context())
    nothing = bench.log.execute(JAR, jar, Add(amount=0), context())
    assert (nothing.version, nothing.position, nothing.events) == (1, first.position, ())


def test_the_same_command_twice_in_one_unit_of_work_is_carried_out_once(bench: Bench) -> None:
    jar, once = stream(), context(digest="one")
    work = UnitOfWork(bench.log)
    work.add(JAR, jar, Add(amount=3), once)
    work.add(JAR, jar, Add(amount=3), once)
    with pytest.raises(Conflict):
        work.add(JAR, jar, Add(amount=4), context(command_id=once.command_id, digest="other"))
    assert len(work.commit(lambda tx: None)) == 1
    assert bench.log.load(JAR, jar) == (Jar(coins=3), 1)


def test_two_commands_with_one_fingerprint_are_both_carried_out(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """64 bits only hint: the stream itself tells."""
    for module in ("executor", "states"):
        monkeypatch.setattr(f"shared.eventlog.{module}.fingerprint", lambda command_id: 7)
    jar = stream()
    for _ in range(2):
        assert not bench.log.execute(JAR, jar, Add(amount=3), context()).repeated
    assert bench.log.load(JAR, jar) == (Jar(coins=6), 2)


def test_time_is_never_below_the_streams_last(two: tuple[Bench, Bench]) -> None:
    one, other = two
    jar = stream()
    one.log.execute(JAR, jar, Add(amount=1), context())
    other.clock.set(START - timedelta(hours=1))
    for _ in range(2):
        other.log.execute(JAR, jar, Add(amount=1), context())
    one.clock.advance(timedelta(minutes=5))
    one.log.execute(JAR, jar, Add(amount=1), context())
    one.clock.set(START)
    one.log.execute(JAR, jar, Add(amount=1), context())
    other.log.execute(JAR, jar, Add(amount=1), context())
    times = [event.meta.time - START for event in other.log.history(jar)]
    assert times == [timedelta(0)] * 3 + [timedelta(minutes=5)] * 3
