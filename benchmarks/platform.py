"""The whole platform: all five services as processes, with the edge before them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.ours import Ours
from benchmarks.processes import environment, family, wait_answering
from benchmarks.servers import Servers
from cli.services import SERVICES
from shared.servers.ports import free_port
from tests.support.running import Running


@dataclass(frozen=True)
class Platform:
    ours: Ours
    edge: Running
    port: int

    def groups(self) -> dict[str, Callable[[], Sequence[int]]]:
        """For a `Meter`: the processes of the platform, with the edge's."""
        return {**self.ours.groups(), "gateway_serve": lambda: family(self.edge.process.pid)}


@contextmanager
def running(servers: Servers, folder: Path) -> Iterator[Platform]:
    with Ours(servers, folder, [one.name for one in SERVICES]) as ours:
        edge, port = start_edge(ours, "edge")
        try:
            wait_answering(edge.process, port, edge.log)
            yield Platform(ours, edge, port)
        finally:
            edge.stop()


def start_edge(ours: Ours, name: str) -> tuple[Running, int]:
    """One more, with a folder of its own; its port."""
    port = free_port()
    settings = environment(
        WUYE_BROKER_URL=ours.stack.broker_url,
        WUYE_KEYS_DIR=str(ours.stack.folder / "keys"),
        WUYE_DATA_DIR=str(ours.folder / name),
        WUYE_HTTP_PORT=str(port),
        WUYE_HEALTH_PORT=str(port),
    )
    return Running(["services.gateway", "serve"], settings, ours.folder / f"{name}.log"), port
