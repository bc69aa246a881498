"""Everything one service is made of, put together for one process."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from shared.clock import Clock
from shared.eventlog import migrate
from shared.eventlog.executor import EventLog
from shared.eventlog.groupcommit import GroupCommit
from shared.eventlog.keys import TableKeyStore
from shared.eventlog.mapper import Mapper
from shared.eventlog.snapshots import Snapshots
from shared.eventlog.store import Store
from shared.following.builds import Builds
from shared.following.reader import Reader
from shared.hosting.definition import ServiceDefinition
from shared.identity.access import AccessList
from shared.identity.keys import ServiceIdentity
from shared.identity.tokens import TokenVerifier
from shared.messaging.rpc_client import RpcClient
from shared.observability.metrics import Metrics
from shared.privacy.digest import Digester
from shared.privacy.keyring import Keyring
from shared.privacy.seal import Sealer


class Parts:
    """``rpc`` reaches other services' logs; ``url`` is the broker's."""

    def __init__(
        self,
        definition: ServiceDefinition,
        store: Store,
        *,
        clock: Clock,
        master_key: bytes,
        identity: ServiceIdentity,
        service_keys: Mapping[str, Any],
        url: str,
        metrics: Metrics,
        queue_limit: int = 1024,
        options: Mapping[str, Any] | None = None,
    ) -> None:
        migrate.check(store)
        self.definition = definition
        self.name = definition.name
        self.store = store
        self.clock = clock
        self.url = url
        self.identity = identity
        self.metrics = metrics
        self.options = dict(options or {})
        self.keyring = Keyring(TableKeyStore(store), master_key)
        self.keyring.check()
        self.digest = Digester(master_key)
        self.sealer = Sealer(self.keyring)
        self.mapper = Mapper(definition.catalogue, self.sealer)
        self.commits = GroupCommit(store, queue_limit=queue_limit, on_flush=self._flushed)
        metrics.watch_queue(self.name, lambda: self.commits.queued)
        self.log = EventLog(store, self.mapper, Snapshots(store, self.sealer), clock, self.commits)
        self.builds = Builds(store, self.sealer)
        self.reader = Reader(store, self.builds)
        self.access = AccessList(self.reader, service_keys, clock)
        self.verifier = TokenVerifier(self.access.key, self.access.revoked, clock)
        self.stopping = threading.Event()
        self.applications = dict(definition.applications(self))

    @cached_property
    def rpc(self) -> RpcClient:
        """Connected at first use: only ``work`` calls other services."""
        return RpcClient(self.url, source=self.name)

    def _flushed(self, size: int, lost: int, seconds: float) -> None:
        self.metrics.appended(self.name, size, lost, seconds)

    def close(self, timeout: float | None = None) -> None:
        """What was taken in is stored, unless the store keeps it waiting longer than that."""
        self.stopping.set()
        self.commits.close(timeout)
        if "rpc" in self.__dict__:
            self.rpc.close()
        self.store.close()
