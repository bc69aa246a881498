"""Reads of one moment share one SELECT, and nobody is answered with what was before they asked."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from shared.errors import Unavailable
from shared.following.gathering import Gathering
from tests.support.waiting import wait_until


class Reading:
    """A read that waits for the test, and writes down what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []
        self.go = threading.Semaphore(0)
        self.rows = {name: [f"{name}1", f"{name}2"] for name in "abc"}
        self.error: BaseException | None = None

    def __call__(self, values: Sequence[str]) -> dict[str, list[str]]:
        self.asked.append(list(values))
        rows = {name: list(found) for name, found in self.rows.items()}
        self.go.acquire()
        if self.error is not None:
            raise self.error
        return rows


@pytest.fixture
def reading() -> Reading:
    return Reading()


def test_who_asks_while_one_reads_is_served_together_by_the_next(reading: Reading) -> None:
    gathering = Gathering(reading)
    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(gathering.rows, ["a"])
        wait_until("the first reads", lambda: reading.asked == [["a"]])
        others = [pool.submit(gathering.rows, [name]) for name in ("b", "c", "d")]
        wait_until("they wait", lambda: gathering._next and len(gathering._next.values) == 3)
        reading.rows["b"] = ["newer"]
        reading.go.release(2)
        assert first.result(5) == ["a1", "a2"]
        assert [other.result(5) for other in others] == [["newer"], ["c1", "c2"], []]
    assert reading.asked == [["a"], ["b", "c", "d"]]


def test_several_values_come_in_one_read(reading: Reading) -> None:
    reading.go.release()
    assert Gathering(reading).rows(["b", "a", "b"]) == ["a1", "a2", "b1", "b2"]
    assert reading.asked == [["a", "b"]]


@pytest.mark.parametrize("error", [ValueError("away"), SystemExit()], ids=["failed", "killed"])
def test_a_read_that_fails_is_told_to_all_it_was_for(
    reading: Reading, error: BaseException
) -> None:
    gathering = Gathering(reading)
    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(gathering.rows, ["a"])
        wait_until("the first reads", lambda: bool(reading.asked))
        others = [pool.submit(gathering.rows, [name]) for name in ("b", "c")]
        wait_until("they wait", lambda: gathering._next and len(gathering._next.values) == 2)
        reading.go.release()
        first.result(5)
        reading.error = error
        reading.go.release()
        told = {type(other.exception(5)) for other in others}
    assert told == ({ValueError} if isinstance(error, ValueError) else {SystemExit, Unavailable})
    reading.error = None
    reading.go.release()
    assert gathering.rows(["a"]) == ["a1", "a2"]
