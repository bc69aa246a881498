"""The whole platform in one process: SQLite files, an in-process broker, real nameko containers."""

from __future__ import annotations

import fcntl
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

from shared.clock import Clock, SystemClock
from shared.eventlog import migrate
from shared.eventlog.sqlite import SqliteStore
from shared.hosting import containers
from shared.hosting.containers import together
from shared.hosting.definition import ServiceDefinition
from shared.hosting.parts import Parts
from shared.hosting.work import Work
from shared.identity import keys
from shared.identity.keys import ServiceIdentity
from shared.identity.operator import OPERATOR, operator
from shared.messaging import embedded as transport
from shared.messaging.rpc_client import RpcClient
from shared.observability.metrics import Metrics


class AlreadyRunning(Exception):
    """Another process serves this data folder."""


@contextmanager
def data_folder(folder: Path) -> Iterator[None]:
    """Hold the folder for this process alone; the lock goes with the process, however it ends."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            holder = lock.read().strip() or "unknown"
            raise AlreadyRunning(
                f"{folder} is in use by process {holder}; "
                "stop it first, or set WUYE_DATA_DIR to another folder"
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


class Platform:
    """All services of ``definitions`` on one clock. Use it inside ``data_folder``.

    ``driven``: as of ``Work``; ``settle`` is then up to whoever drives it.
    """

    def __init__(
        self,
        definitions: Sequence[ServiceDefinition],
        folder: Path,
        *,
        clock: Clock | None = None,
        tell: Callable[[str], None] = lambda text: None,
        options: Mapping[str, Any] | None = None,
        driven: bool = False,
    ) -> None:
        self.clock = clock or SystemClock()
        self.folder = folder
        self._tell = tell
        self._broker = f"b{uuid4().hex}"
        self.url = f"{transport.SCHEME}://{self._broker}/"
        self.metrics = Metrics()
        keys_dir = folder / "keys"
        keys.ensure(keys_dir, [*(one.name for one in definitions), OPERATOR, "gateway"])
        self.keys_dir = keys_dir
        public = keys.public_keys(keys_dir)
        master = keys.master_key(keys_dir, None)
        self.parts: dict[str, Parts] = {}
        for one in definitions:
            path = folder / f"{one.name}.sqlite"
            if migrate.migrate_sqlite(path):
                tell(f"made the store of {one.name}")
            self.parts[one.name] = Parts(
                one,
                SqliteStore(one.name, path),
                clock=self.clock,
                master_key=master,
                identity=self._identity(one.name),
                service_keys=public,
                url=self.url,
                metrics=self.metrics,
                options=options,
            )
        self.operator = operator(keys_dir, self.clock)
        self._containers: list[Any] = []
        self._driven = driven
        self._works: dict[str, Work] = {}
        self._rpc: RpcClient | None = None
        self.lost = threading.Event()

    def _identity(self, name: str) -> ServiceIdentity:
        return ServiceIdentity(name, keys.load_private(self.keys_dir, name), self.clock)

    @property
    def rpc(self) -> RpcClient:
        if self._rpc is None:
            self._rpc = RpcClient(self.url, source="platform")
        return self._rpc

    def work(self, service: str) -> Work:
        return self._works[service]

    def call(
        self, service: str, method: str, request: Mapping[str, Any], token: str | None = None
    ) -> Any:
        """One RPC as this token, or as the operator."""
        return self.rpc.call(
            service, method, dict(request), auth_token=token or self.operator.token(), timeout=30.0
        )

    def start(self) -> None:
        for name, parts in self.parts.items():
            self._containers += containers.serving(parts, 100) + containers.working(parts)
            self._works[name] = Work(parts, self._lose, driven=self._driven)
        containers.start(self._containers)
        for work in self._works.values():
            work.start()

    def has(self, service: str) -> bool:
        """Whether anybody but the service itself ever recorded anything there."""
        log = self.parts[service].log
        return any(not fact.actor.startswith("service:" + service) for fact in log.read(0, 50))

    def missing(self) -> dict[str, str]:
        """What of the platform is not ready, and why."""
        found = {}
        for work in self._works.values():
            for follower in work.followers:
                for one in follower.following:
                    if one.place.status != "following":
                        found[f"{work.parts.name}.{one.name}"] = one.place.status
        if self.lost.is_set():
            found["platform"] = "a part of it died"
        return found

    def _lose(self) -> None:
        self.lost.set()
        print("a part of the platform died; see the log above", file=sys.stderr)

    def settle(self, timeout: float = 30.0) -> None:
        """Wait until every handler stands at the end of the log it follows."""
        until = time.monotonic() + timeout
        quiet = 0
        while quiet < 2:
            behind = [
                one.name
                for work in self._works.values()
                for follower in work.followers
                for one in follower.following
                if one.place.status == "following"
                and one.place.position < self.parts[follower.source.log].log.head()
            ]
            quiet = 0 if behind else quiet + 1
            if behind and time.monotonic() > until:
                raise TimeoutError(f"still behind after {timeout} s: {', '.join(behind)}")
            time.sleep(0.005)

    def stop(self) -> None:
        together([partial(work.stop, 5.0) for work in self._works.values()])
        containers.stop(self._containers, 5.0)
        if self._rpc is not None:
            self._rpc.close()
        together([parts.close for parts in self.parts.values()])
        transport.drop(self._broker)
