"""The platform in one process on SQLite: lifecycles a second, and how long ``wuye run`` takes."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from statistics import median

from benchmarks.figures import Figures
from benchmarks.processes import cpu_by_pid, end, environment, memory_mb, wait_answering
from benchmarks.programs import Program
from benchmarks.scale import IN_FLIGHT, Scale
from shared.servers.ports import free_port


def measure(folder: Path, scale: Scale, figures: Figures, tell: Callable[[str], None]) -> None:
    folder.mkdir(parents=True)
    _start_up(folder / "run", scale, figures, tell)
    program = Program("benchmarks.load.embedded", str(folder / "data"), log=folder / "embedded.log")
    try:
        for way in ("each", "batch"):
            for in_flight in IN_FLIGHT:
                _load(program, way, in_flight, scale, figures, tell)
        figures.put(embedded_load_memory_mb=memory_mb([program.pid]))
    finally:
        program.close()


def _load(
    program: Program,
    way: str,
    in_flight: int,
    scale: Scale,
    figures: Figures,
    tell: Callable[[str], None],
) -> None:
    rates, latencies, loads = [], [], []
    for _ in range(scale.rounds):
        program.ask("prepare")
        before = cpu_by_pid([program.pid])[program.pid]
        found = program.ask("run", way=way, in_flight=in_flight, seconds=scale.seconds)
        if found["errors"]:
            raise RuntimeError(f"commands failed: {found['errors']}")
        seconds = found["visible"] - found["started"]
        rates.append(found["lifecycles"] / seconds)
        latencies.append({f"{name}_ms": value for name, value in found["latencies_ms"].items()})
        loads.append(100 * (cpu_by_pid([program.pid])[program.pid] - before) / seconds)
    stem = f"embedded_{way}_{in_flight}"
    rate = figures.rounds(f"{stem}_lifecycles", rates)
    figures.medians([{f"{stem}_{name}": value for name, value in one.items()} for one in latencies])
    figures.put(**{f"{stem}_cpu_percent": median(loads)})
    tell(f"embedded, {way}, {in_flight} in flight: {rate:.1f} lifecycles/s")


def _start_up(folder: Path, scale: Scale, figures: Figures, tell: Callable[[str], None]) -> None:
    """The first start registers the demo community; the second one is what people wait for."""
    seconds: dict[str, list[float]] = defaultdict(list)
    for start in ("first", *["next"] * scale.few_rounds):
        port = free_port()
        began = time.monotonic()
        log_file = folder.parent / f"{start}.log"
        with log_file.open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "cli.main", "run"],
                env=environment(WUYE_DATA_DIR=str(folder), WUYE_HTTP_PORT=str(port)),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        try:
            wait_answering(process, port, log_file)
            took = time.monotonic() - began
            seconds[start].append(took)
            tell(f"embedded answers after {took:.1f} s ({start} start)")
            if start == "next" and len(seconds[start]) == 1:
                _at_rest(process.pid, scale, figures)
        finally:
            end([process])
    for start, found in seconds.items():
        figures.rounds(f"embedded_{start}_start_seconds", found)


def _at_rest(pid: int, scale: Scale, figures: Figures) -> None:
    before = cpu_by_pid([pid])[pid]
    time.sleep(scale.rest_seconds)
    used = cpu_by_pid([pid])[pid] - before
    figures.put(
        embedded_rest_cpu_percent=100 * used / scale.rest_seconds,
        embedded_rest_memory_mb=memory_mb([pid]),
    )
