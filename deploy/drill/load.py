"""Many calls at a time, for faults that only they bring to light."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

from cli.community import COMMUNITY, PASSWORD
from cli.stack import plan
from deploy.drill.stack import Drill, wait
from shared.errors import Busy, TimedOut, Unavailable, WuyeError
from shared.messaging.rpc_client import Reply, RpcClient

# commands in one call (of 256 KB at most), and calls at a time: more saves than may wait
# (WUYE_QUEUE_LIMIT, 1024)
_BATCH, _BATCHES = 60, 25


class Load:
    """Calls that are sent whether or not those before them were answered."""

    def __init__(self, drill: Drill) -> None:
        self._rpc = RpcClient(drill.brokers[plan.EDGE], source=plan.EDGE)
        login = {"login": "resident1", "password": PASSWORD}
        self._token = self._rpc.call("security", "login", login)["access_token"]
        self._batches: list[Reply] = []
        self._most = _BATCHES
        # while nobody can store, nobody hears of a session: it must have been heard of before
        wait("workorders knows the session", self._is_known)

    def _is_known(self) -> bool:
        try:
            self._send("submit", _complaint(self._token)["request"], 10).result()
        except WuyeError as error:
            print(f"drill: not yet: {error.message}", flush=True)
            return False
        return True

    def commands(self) -> contextlib.AbstractContextManager[None]:
        return self._running(self._command)

    def calm(self) -> None:
        """As few as on any other day."""
        self._most = 1

    def queries(self) -> contextlib.AbstractContextManager[None]:
        return self._running(self._query)

    @contextlib.contextmanager
    def _running(self, send: Callable[[], None]) -> Iterator[None]:
        ended = threading.Event()

        def run() -> None:
            while not ended.wait(0.5):
                try:
                    send()
                except WuyeError as error:
                    print(f"drill: a call failed: {error}", flush=True)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join(30)
            self._rpc.close()

    def _command(self) -> None:
        for one in [one for one in self._batches if one.done()]:
            self._batches.remove(one)
            # what was never taken would be no load: that is for whoever drills to see
            with contextlib.suppress(TimedOut, Unavailable, Busy):
                one.result()
        while len(self._batches) < self._most:
            batch = {"items": [_complaint(self._token) for _ in range(_BATCH)]}
            self._batches.append(self._send("batch", batch, 60))

    def _query(self) -> None:
        for _ in range(5):
            self._send("list", {}, 10)

    def _send(self, method: str, request: dict[str, Any], seconds: float) -> Reply:
        return self._rpc.call_async(
            "workorders", method, request, auth_token=self._token, timeout=seconds
        )


def _complaint(token: str) -> dict[str, Any]:
    request = {
        "community": COMMUNITY,
        "kind": "complaint",
        "category": "noise",
        "description": "楼上装修",
        "command_id": str(uuid4()),
    }
    return {"method": "submit", "request": request, "auth_token": token}
