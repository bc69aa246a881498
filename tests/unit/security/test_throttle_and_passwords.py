"""Guessing is slowed down, and hashing is what the RFC says."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest

from services.security.accounts.passwords import Passwords
from services.security.accounts.throttle import TRIES, WINDOW, Throttle
from services.security.definition import SERVICE
from shared.clock import ManualClock
from shared.config.settings import EmbeddedSettings, load
from shared.errors import Busy
from tests.support.service_bench import ServiceBench
from tests.unit.security.estate import CHEAP, MORNING


def directly(function: Any, *arguments: Any) -> Any:
    return function(*arguments)


def fail(throttle: Throttle, name: str) -> None:
    with throttle.attempt(name) as attempt:
        attempt.came_out(False)


def test_tries_come_back_one_by_one() -> None:
    clock = ManualClock(MORNING)
    throttle = Throttle(clock)
    for _ in range(TRIES):
        fail(throttle, "wang")
        clock.advance(timedelta(minutes=1))
    with pytest.raises(Busy) as caught:
        fail(throttle, "wang")
    assert caught.value.retry_after == 600
    assert caught.value.reason == "too_many_tries"
    fail(throttle, "li")
    clock.advance(timedelta(minutes=10))
    fail(throttle, "wang")
    with pytest.raises(Busy):
        fail(throttle, "wang")


def test_a_right_password_clears_the_name_and_a_fault_of_ours_does_not_count() -> None:
    throttle = Throttle(ManualClock(MORNING))
    for _ in range(3):
        for _ in range(TRIES - 1):
            fail(throttle, "wang")
        with throttle.attempt("wang") as attempt:
            attempt.came_out(True)
    for _ in range(TRIES + 1):
        with pytest.raises(RuntimeError), throttle.attempt("wang"):
            raise RuntimeError
    fail(throttle, "wang")


def test_many_at_once_get_no_more_tries() -> None:
    throttle = Throttle(ManualClock(MORNING))
    outcomes: list[str] = []

    def guess() -> None:
        try:
            fail(throttle, "wang")
            outcomes.append("tried")
        except Busy:
            outcomes.append("busy")

    threads = [threading.Thread(target=guess) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["busy"] * 15 + ["tried"] * TRIES
    assert timedelta(minutes=15) == WINDOW


@pytest.mark.parametrize(
    ("cost", "parameters"),
    [
        # RFC 9106, section 4, the second recommended option: 64 MiB, 3 passes, 4 lanes
        ({}, "m=65536,t=3,p=4"),
        ({"cost": "strong"}, "m=65536,t=3,p=4"),
        # OWASP's Password Storage Cheat Sheet: 19 MiB, 2 passes, 1 lane
        ({"cost": "light"}, "m=19456,t=2,p=1"),
    ],
)
def test_hashes_are_argon2id_with_a_salt_of_their_own(
    cost: dict[str, str], parameters: str
) -> None:
    passwords = Passwords(directly, **cost)
    encoded = passwords.hash("correct horse")
    assert encoded.startswith(f"$argon2id$v=19${parameters}$")
    assert passwords.verify(encoded, "correct horse")
    assert not passwords.verify(encoded, "correct horse ")
    assert not passwords.verify("not a hash", "correct horse")
    cheap = Passwords(directly, CHEAP)
    assert cheap.hash("x") != cheap.hash("x")


def test_hashing_runs_where_it_is_told_and_few_at_once() -> None:
    running, most, lock = 0, 0, threading.Lock()

    def counted(function: Any, *arguments: Any) -> Any:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        try:
            return function(*arguments)
        finally:
            with lock:
                running -= 1

    passwords = Passwords(counted, CHEAP)
    threads = [threading.Thread(target=passwords.hash, args=("x",)) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 1 <= most <= 4


@pytest.mark.parametrize(
    ("given", "parameters"), [({}, "m=65536,"), ({"WUYE_PASSWORD_COST": "light"}, "m=19456,")]
)
def test_the_cost_is_a_setting(given: dict[str, str], parameters: str) -> None:
    bench = ServiceBench(SERVICE, options=load(EmbeddedSettings, given).options)
    accounts = bench.parts.applications["accounts"]
    assert accounts._hasher.hash("correct horse").startswith(f"$argon2id$v=19${parameters}")
    bench.close()
