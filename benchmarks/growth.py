"""The same measures with a thousand to a million orders in the store, and with longer orders.

Every size is a stack of its own; they take turns, round by round, the others stopped.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from uuid import uuid4

from benchmarks import latency
from benchmarks.figures import Figures, percent_a_tenfold
from benchmarks.filling.stack import fill
from benchmarks.ours import Ours, Way
from benchmarks.processes import stopped
from benchmarks.rounds import Round, in_turn
from benchmarks.scale import Scale
from benchmarks.servers import Servers
from shared.eventlog.snapshots import EVERY
from tests.support.waiting import wait_until

IN_FLIGHT = 32
COMMANDS_A_ORDER = 20
REBUILD_SECONDS = 600.0


def measure(
    servers: Servers, folder: Path, scale: Scale, figures: Figures, tell: Callable[[str], None]
) -> None:
    with ExitStack() as stack:
        stacks: dict[int, Ours] = {}
        for orders in scale.growth_orders:
            ours = stacks[orders] = stack.enter_context(Ours(servers, folder / str(orders)))
            began = time.monotonic()
            small = orders == scale.growth_orders[0]
            lengths = scale.order_events if small else ()
            long = fill(ours, orders, lengths, scale.orders_a_length, tell)
            figures.put(**{f"growth_{orders}_fill_seconds": time.monotonic() - began})
            if small:
                with stopped(_all_pids(stacks, but=ours)):
                    _order_growth(ours, long, figures, tell)
        _put(figures, scale, _rounds(stacks, scale, tell))
        _visible(stacks, scale, figures, tell)
        _rebuild(stacks[scale.growth_orders[1]], figures, tell)


def _rounds(
    stacks: dict[int, Ours], scale: Scale, tell: Callable[[str], None]
) -> dict[tuple[str, int], list[Round]]:
    found: dict[tuple[str, int], list[Round]] = defaultdict(list)
    for number in range(-1, scale.rounds):
        for orders, ours in in_turn(list(stacks.items()), number):
            for way in in_turn((Way(ours, "each"), Way(ours, "batch")), number):
                way.prepare(IN_FLIGHT)
                with stopped(_all_pids(stacks, but=ours)):
                    # the first is to warm up
                    seconds = scale.seconds if number >= 0 else scale.few_seconds
                    result = way.run(IN_FLIGHT, seconds)
                tell(f"{way.name} on {orders} orders: {result.rate:.1f} lifecycles/s")
                if number >= 0:
                    found[way.name, orders].append(result)
    return found


def _visible(
    stacks: dict[int, Ours], scale: Scale, figures: Figures, tell: Callable[[str], None]
) -> None:
    """In rounds of their own, since looking all the time takes its share."""
    found: dict[int, list[dict[str, float]]] = defaultdict(list)
    for number in range(scale.few_rounds):
        for orders, ours in in_turn(list(stacks.items()), number):
            Way(ours, "each").prepare(IN_FLIGHT)
            with stopped(_all_pids(stacks, but=ours)):
                seen = latency.visible(ours, "each", scale.few_seconds, in_flight=IN_FLIGHT)
            tell(f"visible with {orders} orders after {seen['p99']:.0f} ms (p99)")
            found[orders].append(seen)
    for orders, rounds in found.items():
        latency.put(figures, f"growth_{orders}_each_{IN_FLIGHT}_visible", rounds)
    figures.put(
        growth_slope_visible_p99_percent=percent_a_tenfold(
            {orders: median(one["p99"] for one in rounds) for orders, rounds in found.items()}
        )
    )


def _put(figures: Figures, scale: Scale, rounds: dict[tuple[str, int], list[Round]]) -> None:
    fewest, most = scale.growth_orders[0], scale.growth_orders[-1]
    lost = []
    for way in ("each", "batch"):
        rates = {}
        for orders in scale.growth_orders:
            found = rounds[way, orders]
            name = f"growth_{orders}_{way}_{IN_FLIGHT}"
            rates[orders] = figures.rounds(f"{name}_lifecycles", [one.rate for one in found])
            latency.put(figures, name, [one.latencies_ms for one in found])
        lost.append(1 - rates[most] / rates[fewest])
        p99 = {n: figures.values[f"growth_{n}_{way}_{IN_FLIGHT}_p99_ms"] for n in rates}
        figures.put(
            **{
                f"growth_loss_{way}": lost[-1],
                f"growth_slope_{way}_percent": percent_a_tenfold(rates),
                f"growth_slope_{way}_p99_percent": percent_a_tenfold(p99),
            }
        )
    figures.put(growth_loss=max(lost), growth_orders_from=fewest, growth_orders_to=most)


def _all_pids(stacks: dict[int, Ours], *, but: Ours) -> list[int]:
    return [pid for ours in stacks.values() if ours is not but for pid in ours.pids()]


def _order_growth(
    ours: Ours, long: dict[int, list[str]], figures: Figures, tell: Callable[[str], None]
) -> None:
    """One command at a time on orders of each length in turn: the first after a start (cold), then
    with the state in memory.
    """
    cold: dict[int, list[float]] = defaultdict(list)
    warm: dict[int, list[float]] = defaultdict(list)
    tokens = ours.cast()
    technician, resident = tokens["technicians"][0][-1], tokens["residents"][0][-1]
    # connections and code are warm, only the states of these orders are not
    ours.load("each", 0.5, in_flight=1)
    for place in range(len(next(iter(long.values())))):
        for turn in range(COMMANDS_A_ORDER):
            for length, orders in long.items():
                repair = turn % 2 == 0
                who = tokens["tokens"][technician if repair else resident]
                took = _command(ours, orders[place], repair, who)
                (warm if turn else cold)[length].append(took)
    for length in long:
        figures.put(
            **{
                f"order_{length}_events_p50_ms": median(warm[length]),
                f"order_{length}_events_cold_p50_ms": median(cold[length]),
                f"order_{length}_events_since_snapshot": length % EVERY,
            }
        )
        tell(f"an order with {length} events: {median(warm[length]):.1f} ms a command")
    least, most = min(long), max(long)
    figures.put(
        order_growth_ratio=median(warm[most]) / median(warm[least]),
        order_slope_percent=percent_a_tenfold({n: median(warm[n]) for n in warm}),
    )


def _rebuild(ours: Ours, figures: Figures, tell: Callable[[str], None]) -> None:
    """A view of another service from nothing, over RPC. It ends well only if the rows come out as
    they are: so it proves the filling, too.
    """
    events = ours.stack.query("workorders", "SELECT count(*) FROM stored_events")[0][0]
    began = time.monotonic()
    asked = ours.stack.call("analytics.ops", "rebuild", {"view": "ratings"})

    def done() -> bool:
        found = ours.stack.call("analytics.ops", "rebuild_status", {"id": asked["id"]})
        if found["status"] == "failed":
            raise RuntimeError(f"the rebuilt view differs: {found['detail']}")
        return bool(found["status"] == "done")

    wait_until("the view is rebuilt", done, REBUILD_SECONDS)
    took = time.monotonic() - began
    figures.put(rebuild_events=events, rebuild_events_per_second=events / took)
    tell(f"analytics rebuilds ratings over RPC: {events / took:.0f} events/s")


def _command(ours: Ours, order: str, repair: bool, token: str) -> float:
    """Milliseconds."""
    request = {"id": order, "command_id": str(uuid4())}
    request |= {"notes": "again"} if repair else {"reason": "still drips"}
    began = time.monotonic()
    ours.stack.call("workorders", "repair" if repair else "reject", request, token)
    return 1000 * (time.monotonic() - began)
