"""How a client sends lifecycles: closed loop, in batches, or at a fixed rate.

Under green threads each `threading.Thread` here is a greenlet.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from benchmarks.load.lifecycle import Cast, Lifecycle
from benchmarks.load.tally import Tally

Call = Callable[[str, dict[str, Any], str], dict[str, Any]]
"""Method, request, token to answer; raises where there is none."""
Batch = Callable[[Sequence[tuple[str, dict[str, Any], str]]], Sequence[dict[str, Any]]]

# batches that are on their way at the same time, while the next is being gathered
LANES = 2
MOST_STEPS_UNDER_WAY = 2_000


def each(
    calls: Sequence[Call], cast: Cast, seconds: float, tally: Tally, numbers: itertools.count[int]
) -> None:
    """One lifecycle after the other on every one of ``calls``, until the time is over."""
    until = time.monotonic() + seconds

    def loop(call: Call) -> None:
        while time.monotonic() < until:
            _carry_out(call, Lifecycle(cast, next(numbers)), tally)

    _together([lambda call=call: loop(call) for call in calls])  # type: ignore[misc]


def at_rate(
    call: Call,
    cast: Cast,
    a_second: float,
    seconds: float,
    tally: Tally,
    numbers: itertools.count[int],
) -> None:
    """Begin so many lifecycles a second, however long they take."""
    threads = []
    begin = time.monotonic()
    for count in range(int(a_second * seconds)):
        time.sleep(max(0.0, begin + count / a_second - time.monotonic()))
        order = Lifecycle(cast, next(numbers))
        threads.append(threading.Thread(target=_carry_out, args=(call, order, tally)))
        threads[-1].start()
        if count % 100 == 0:
            threads = [thread for thread in threads if thread.is_alive()]
            if len(threads) > MOST_STEPS_UNDER_WAY:
                raise RuntimeError("this rate is more than is carried out")
    for thread in threads:
        thread.join()


def batches(
    send: Batch,
    cast: Cast,
    in_flight: int,
    seconds: float,
    tally: Tally,
    numbers: itertools.count[int],
) -> None:
    """So many orders in flight, what is ready going out together."""
    until = time.monotonic() + seconds
    lanes = min(LANES, in_flight)

    def lane(width: int) -> None:
        orders = [Lifecycle(cast, next(numbers)) for _ in range(width)]
        while orders:
            since = time.monotonic()
            commands = [order.next() for order in orders]
            for order, answer in zip(orders, send(commands), strict=True):
                if "ok" not in answer:
                    raise RuntimeError(f"an item failed: {answer}")
                order.took(answer["ok"])
                tally.answered(answer["ok"], since)
            going = [order for order in orders if not order.done]
            tally.lifecycles += len(orders) - len(going)
            if time.monotonic() < until:
                going += [Lifecycle(cast, next(numbers)) for _ in range(width - len(going))]
            orders = going

    widths = [in_flight // lanes + (number < in_flight % lanes) for number in range(lanes)]
    _together([lambda width=width: lane(width) for width in widths])  # type: ignore[misc]


def _carry_out(call: Call, order: Lifecycle, tally: Tally) -> None:
    try:
        while not order.done:
            method, request, token = order.next()
            since = time.monotonic()
            answer = call(method, request, token)
            tally.answered(answer, since)
            order.took(answer)
        tally.lifecycles += 1
    except Exception as error:
        tally.failed(error)


def _together(loops: Sequence[Callable[[], None]]) -> None:
    """Run all at once; raises the first failure when all have ended."""
    faults: list[BaseException] = []

    def guarded(loop: Callable[[], None]) -> None:
        try:
            loop()
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=guarded, args=(loop,)) for loop in loops]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
