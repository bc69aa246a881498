"""How long and how large a run is."""

from __future__ import annotations

from dataclasses import dataclass

IN_FLIGHT = (1, 8, 32, 128)


@dataclass(frozen=True)
class Scale:
    """``seconds``: of one round, without the time until all is visible. Numbers are medians of
    ``rounds``, those of what is measured beside of ``few_rounds`` (of ``few_seconds``); before
    those with so many in flight as ``warm_up`` says, one is thrown away. ``*_orders`` and
    ``*_events`` are sizes of stores. ``page_seconds``: people use pages for so long. ``extras``:
    what takes part though speed has no target for it: the ``tuned`` composition, and the measures
    ``pages`` and ``profile``.
    """

    name: str
    warm_up: tuple[int, ...]
    rounds: int
    few_rounds: int
    seconds: float
    few_seconds: float
    half_load_seconds: float
    catch_up_events: int
    projection_runner_events: int
    growth_orders: tuple[int, ...]
    order_events: tuple[int, ...]
    orders_a_length: int
    rest_seconds: float
    page_seconds: float
    extras: frozenset[str]


FULL = Scale(
    name="full",
    warm_up=IN_FLIGHT,
    rounds=5,
    few_rounds=3,
    seconds=4.0,
    few_seconds=2.0,
    half_load_seconds=12.0,
    catch_up_events=1_000_000,
    projection_runner_events=10_000,
    growth_orders=(1_000, 10_000, 100_000, 1_000_000),
    order_events=(10, 100, 1_000, 10_000),
    orders_a_length=10,
    rest_seconds=15.0,
    page_seconds=45.0,
    extras=frozenset({"tuned", "pages", "profile"}),
)
# A quarter of an hour, with as many rounds as FULL; stores end at a tenth of its size.
BRIEF = Scale(
    name="brief",
    warm_up=IN_FLIGHT[:1],
    rounds=5,
    few_rounds=2,
    seconds=2.5,
    few_seconds=1.5,
    half_load_seconds=8.0,
    catch_up_events=100_000,
    projection_runner_events=3_000,
    growth_orders=(1_000, 10_000, 100_000),
    order_events=(10, 100, 1_000, 10_000),
    orders_a_length=5,
    rest_seconds=5.0,
    page_seconds=30.0,
    extras=frozenset({"tuned", "pages"}),
)
QUICK = Scale(
    name="quick",
    warm_up=IN_FLIGHT[:1],
    rounds=2,
    few_rounds=1,
    seconds=0.6,
    few_seconds=0.5,
    half_load_seconds=2.0,
    catch_up_events=20_000,
    projection_runner_events=1_000,
    growth_orders=(1_000, 10_000),
    order_events=(10, 100, 1_000, 10_000),
    orders_a_length=2,
    rest_seconds=1.5,
    page_seconds=3.0,
    extras=frozenset(),
)
# Only to see that everything works: its numbers mean nothing.
SMOKE = Scale(
    name="smoke",
    warm_up=(),
    rounds=1,
    few_rounds=1,
    seconds=0.5,
    few_seconds=0.5,
    half_load_seconds=1.0,
    catch_up_events=2_000,
    projection_runner_events=200,
    growth_orders=(100, 300),
    order_events=(10, 1_000),
    orders_a_length=1,
    rest_seconds=1.0,
    page_seconds=4.0,
    extras=frozenset({"tuned", "pages"}),
)
SCALES = {scale.name: scale for scale in (FULL, BRIEF, QUICK, SMOKE)}
