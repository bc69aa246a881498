"""The whole platform and its client in one process, as ``wuye run`` has it, without the edge.

``python -m benchmarks.load.embedded <port> <data folder>``
"""

from shared.hosting.green import patch

patch()

import itertools  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from collections.abc import Sequence  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

from benchmarks.load import loops  # noqa: E402
from benchmarks.load.casting import cast_of  # noqa: E402
from benchmarks.load.tally import Tally  # noqa: E402
from benchmarks.programs import answer  # noqa: E402
from cli import community  # noqa: E402
from cli.services import SERVICES  # noqa: E402
from services.analytics.efficiency.views.milestones.projection import MILESTONES  # noqa: E402
from services.analytics.satisfaction.views.ratings.projection import RATINGS  # noqa: E402
from shared.following import positions  # noqa: E402
from shared.hosting.embedded import Platform, data_folder  # noqa: E402
from shared.hosting.relaying import BUILD as RELAY_BUILD  # noqa: E402
from shared.messaging import relay  # noqa: E402

SECONDS = 60.0
_TOKEN_SECONDS = 240.0


class Embedded:
    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._registered = community.register(platform.call)
        self._numbers = itertools.count()
        self._tokens: dict[str, str] = {}
        self._renew_at = 0.0
        platform.settle()

    def prepare(self) -> None:
        """Log in, and let every handler catch up: not a round's to wait for."""
        self._current_tokens()
        self._platform.settle()

    def run(self, way: str, in_flight: int, seconds: float) -> dict[str, Any]:
        people, tally = cast_of(self._registered, self._current_tokens()), Tally()
        if way == "batch":
            loops.batches(self._batch, people, in_flight, seconds, tally, self._numbers)
        else:
            loops.each([self._call] * in_flight, people, seconds, tally, self._numbers)
        self._wait_visible(tally.last_position)
        return {**tally.result(), "visible": time.monotonic()}

    def _wait_visible(self, position: int) -> None:
        """Told, and in both views of analytics, as on the stack."""
        views = self._platform.parts["analytics"].reader
        until = time.monotonic() + SECONDS
        while self._told() < position or any(
            views.position(view) < position for view in (RATINGS, MILESTONES)
        ):
            if time.monotonic() > until:
                raise RuntimeError(f"not visible after {SECONDS:g} s")
            time.sleep(0.002)

    def _told(self) -> int:
        with self._platform.parts["workorders"].store.reading() as tx:
            place = positions.read(tx, relay.NAME, RELAY_BUILD, "workorders")
        return place.position if place is not None else 0

    def _current_tokens(self) -> dict[str, str]:
        if time.monotonic() > self._renew_at:
            logins = cast_of(self._registered, {}).logins()
            self._tokens = {login: self._token(login) for login in logins}
            self._renew_at = time.monotonic() + _TOKEN_SECONDS
        return self._tokens

    def _token(self, login: str) -> str:
        request = {"login": login, "password": community.PASSWORD}
        token: str = self._platform.call("security", "login", request)["access_token"]
        return token

    def _call(self, method: str, request: dict[str, Any], token: str) -> dict[str, Any]:
        return self._platform.rpc.call(
            "workorders", method, request, auth_token=token, timeout=SECONDS
        )

    def _batch(
        self, commands: Sequence[tuple[str, dict[str, Any], str]]
    ) -> Sequence[dict[str, Any]]:
        items = [
            {"method": method, "request": request, "auth_token": token}
            for method, request, token in commands
        ]
        found = self._platform.rpc.call("workorders", "batch", {"items": items}, timeout=SECONDS)
        outcomes: list[dict[str, Any]] = found["items"]
        return outcomes


def main() -> None:
    folder = Path(sys.argv[2])
    with data_folder(folder):
        platform = Platform(SERVICES, folder)
        platform.start()
        try:
            embedded = Embedded(platform)
            answer(prepare=embedded.prepare, run=embedded.run)
        finally:
            platform.stop()


main()
