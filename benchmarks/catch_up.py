"""How fast a view catches up with a long log: ours on both databases, and `ProjectionRunner`."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from benchmarks.figures import Figures
from benchmarks.programs import Program
from benchmarks.scale import Scale
from benchmarks.servers import Servers
from benchmarks.usual.stack import library_environment
from shared.identity import keys

LIMIT_SECONDS = 1800.0
EVENTS_A_ORDER = 5


def measure(
    servers: Servers, folder: Path, scale: Scale, figures: Figures, tell: Callable[[str], None]
) -> None:
    folder.mkdir(parents=True)
    keys.ensure(folder / "keys", ["workorders"])
    with ExitStack() as stack:
        programs: dict[str, Program] = {}
        events: dict[str, int] = {}

        def start(name: str, module: str, *arguments: str, **environment: str) -> None:
            program = Program(
                module, *arguments, log=folder / f"{name}.log", environment=environment
            )
            stack.callback(program.close)
            programs[name] = program

        ours, theirs = (_database(servers, stack, name) for name in ("catch_up", "projection"))
        for name, place in (("postgres", ours), ("sqlite", str(folder / "log.sqlite"))):
            start(name, "benchmarks.catching_up", place, str(folder / "keys"))
        start(
            "projection_runner",
            "benchmarks.usual.projection",
            theirs,
            **library_environment(theirs),
        )
        for name, program in programs.items():
            few = scale.projection_runner_events
            wanted = few if name == "projection_runner" else scale.catch_up_events
            orders = wanted // EVENTS_A_ORDER
            events[name] = program.ask("fill", orders=orders, limit=LIMIT_SECONDS)
            tell(f"{name}: {orders} orders are in the store")
        servers.postgres.execute("CHECKPOINT")
        _rounds(programs, events, scale, figures, tell)
    figures.ratio(
        "catch_up_ratio",
        "catch_up_postgres_events_per_second",
        "catch_up_projection_runner_events_per_second",
    )


def _rounds(
    programs: dict[str, Program],
    events: dict[str, int],
    scale: Scale,
    figures: Figures,
    tell: Callable[[str], None],
) -> None:
    rates: dict[str, list[float]] = {name: [] for name in programs}
    for number in range(scale.rounds):
        for name, program in programs.items():
            more = {"head": events[name]} if name == "projection_runner" else {}
            found = program.ask("follow", limit=LIMIT_SECONDS, **more)
            if found["rows"] * EVENTS_A_ORDER != events[name]:
                raise RuntimeError(f"{name} made {found['rows']} rows of {events[name]} events")
            rates[name].append(events[name] / found["seconds"])
            tell(f"{name}, round {number + 1}/{scale.rounds}: {rates[name][-1]:.0f} events/s")
    for name, found_rates in rates.items():
        figures.rounds(f"catch_up_{name}_events_per_second", found_rates)
        figures.put(**{f"catch_up_{name}_events": events[name]})


def _database(servers: Servers, stack: ExitStack, name: str) -> str:
    stack.callback(servers.postgres.drop_database, name)
    return servers.postgres.create_database(name)
