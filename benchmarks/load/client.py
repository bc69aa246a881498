"""The client of a stack, in a process of its own: ``python -m benchmarks.load.client``.

Arguments after the port: broker URL, service, and which client: ``ours`` (`RpcClient`, many calls
on one connection) or ``stock`` (nameko's `ClusterRpcProxy`, one for each call in flight).
"""

from shared.hosting.green import patch

patch()

import itertools  # noqa: E402
import os  # noqa: E402
import sys  # noqa: E402
from collections.abc import Sequence  # noqa: E402
from typing import Any  # noqa: E402

from benchmarks.load import loops  # noqa: E402
from benchmarks.load.lifecycle import Cast  # noqa: E402
from benchmarks.load.tally import Tally  # noqa: E402
from benchmarks.programs import answer  # noqa: E402
from shared.messaging.rpc_client import RpcClient  # noqa: E402

SECONDS = 60.0


class Ours:
    def __init__(self, url: str, service: str) -> None:
        self._rpc = RpcClient(url, source="benchmark")
        self._service = service

    def calls(self, count: int) -> list[loops.Call]:
        return [self.call] * count

    def call(self, method: str, request: dict[str, Any], token: str) -> dict[str, Any]:
        return self._rpc.call(self._service, method, request, auth_token=token, timeout=SECONDS)

    def batch(
        self, commands: Sequence[tuple[str, dict[str, Any], str]]
    ) -> Sequence[dict[str, Any]]:
        items = [
            {"method": method, "request": request, "auth_token": token}
            for method, request, token in commands
        ]
        found = self._rpc.call(self._service, "batch", {"items": items}, timeout=SECONDS)
        items_back: list[dict[str, Any]] = found["items"]
        return items_back


class Stock:
    """As nameko's documentation has it for callers outside of nameko services."""

    def __init__(self, url: str, service: str) -> None:
        self._url = url
        self._service = service
        self._made: list[loops.Call] = []

    def calls(self, count: int) -> list[loops.Call]:
        while len(self._made) < count:
            self._made.append(self._new())
        return self._made[:count]

    def _new(self) -> loops.Call:
        from nameko.standalone.rpc import ClusterRpcProxy

        proxy = ClusterRpcProxy({"AMQP_URI": self._url}, timeout=SECONDS).start()
        service = getattr(proxy, self._service)

        def call(method: str, request: dict[str, Any], token: str) -> dict[str, Any]:
            found: dict[str, Any] = getattr(service, method)(request)
            return found

        return call


def main() -> None:
    _, _, url, service, kind = sys.argv
    client = (Ours if kind == "ours" else Stock)(url, service)
    numbers = itertools.count(os.getpid())

    def prepare(in_flight: int) -> None:
        """Connections are made before the clock runs."""
        client.calls(in_flight)

    def run(
        way: str,
        cast: dict[str, Any],
        seconds: float,
        in_flight: int = 0,
        trace: bool = False,
        a_second: float = 0.0,
    ) -> dict[str, Any]:
        people, tally = Cast(**cast), Tally(trace=trace)
        if way == "batch":
            assert isinstance(client, Ours)
            loops.batches(client.batch, people, in_flight, seconds, tally, numbers)
        elif way == "rate":
            loops.at_rate(client.calls(1)[0], people, a_second, seconds, tally, numbers)
        else:
            loops.each(client.calls(in_flight), people, seconds, tally, numbers)
        return tally.result()

    answer(run=run, prepare=prepare)


main()
