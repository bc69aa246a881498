"""``python -m services.<name> serve | work | migrate``: one process of one service on the stack.

``serve`` answers commands and queries; as many replicas as wanted. ``work`` relays, follows, fires
timers and hosts the log; of several one leads and the others stand by. The order of their start
does not matter.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any

import kombu
import psycopg

from shared.clock import SystemClock
from shared.config.settings import MigrateSettings, ServiceSettings, load_or_exit
from shared.eventlog.migrate import check, migrate_postgres
from shared.eventlog.postgres import PostgresStore
from shared.eventlog.store import SchemaMismatch, StoreError
from shared.hosting import containers
from shared.hosting.definition import ServiceDefinition
from shared.hosting.health import Health, serve_wsgi, watch_hub
from shared.hosting.lease import PostgresLease
from shared.hosting.parts import Parts
from shared.hosting.work import Work
from shared.identity import keys
from shared.identity.keys import ServiceIdentity
from shared.observability import logging as observed
from shared.observability.metrics import Metrics

logger = logging.getLogger("wuye.process")

STOP_SECONDS = 15.0
WAIT_SECONDS = 1.0


def main(definition: ServiceDefinition) -> None:
    """Run what the command line asks for; exit code 2 for a wrong command line or wrong
    settings.
    """
    wanted = sys.argv[1:] or ["?"]
    if wanted == ["migrate"]:
        _migrate(definition)
    elif wanted in (["serve"], ["work"]):
        _Process(definition, wanted[0]).run()
    else:
        print(
            f"usage: python -m services.{definition.name} serve | work | migrate", file=sys.stderr
        )
        sys.exit(2)


def _migrate(definition: ServiceDefinition) -> None:
    settings = load_or_exit(MigrateSettings)
    name = definition.name
    try:
        applied = migrate_postgres(settings.migration_of(name), settings.database_of(name))
    except psycopg.Error as error:
        print(f"{name}: cannot migrate: {error}", file=sys.stderr)
        sys.exit(1)
    print(f"{name}: {', '.join(applied) if applied else 'nothing to do'}")


class _Process:
    def __init__(self, definition: ServiceDefinition, kind: str) -> None:
        self.definition = definition
        self.kind = kind
        self.settings = load_or_exit(ServiceSettings)
        observed.setup(
            kind,
            service=definition.name,
            log_format=self.settings.log_format,
            level=self.settings.log_level,
        )
        self.metrics = Metrics()
        self.stop = threading.Event()
        self.exit_code = 0
        self.parts: Parts | None = None
        self.leading = False

    def run(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stop.set())
        listener, port = serve_wsgi(
            Health(
                self.metrics,
                {"started": self._started, "store": self._store, "broker": self._broker},
            ),
            self.settings.health_host,
            self.settings.health_port,
        )
        logger.info("health on port %s", port)
        threading.Thread(target=watch_hub, args=(self.metrics, self.stop), daemon=True).start()
        store = self._wait_for("the database", self._open_store)
        self._wait_for("the broker", self._ask_broker)
        if store is not None and not self.stop.is_set():
            self.parts = self._parts(store)
            if self.kind == "serve":
                self._serve(self.parts)
            else:
                self._work(self.parts)
            self.parts.close()
        listener.close()
        logger.info("stopped")
        # Whatever thread is left over must not hold the process.
        os._exit(self.exit_code)

    def _parts(self, store: PostgresStore) -> Parts:
        settings, name = self.settings, self.definition.name
        clock = SystemClock()
        return Parts(
            self.definition,
            store,
            clock=clock,
            master_key=keys.master_key(settings.keys_dir, settings.master_key),
            identity=ServiceIdentity(name, keys.load_private(settings.keys_dir, name), clock),
            service_keys=keys.public_keys(settings.keys_dir),
            url=settings.broker_url,
            metrics=self.metrics,
            queue_limit=settings.queue_limit,
        )

    def _serve(self, parts: Parts) -> None:
        hosted = containers.serving(parts, self.settings.max_workers)
        containers.start(hosted)
        self.leading = True
        logger.info("serving")
        self._until_stopped(hosted)
        containers.stop(hosted, STOP_SECONDS)

    def _work(self, parts: Parts) -> None:
        hosted = containers.working(parts)
        containers.start(hosted)
        lease = PostgresLease(parts.store.url)  # type: ignore[attr-defined]
        if lease.acquire(self.stop):
            self.leading = True
            logger.info("leading")
            work = Work(parts, self._lose)
            work.start()
            threading.Thread(target=lease.watch, args=(self.stop, self._lose), daemon=True).start()
            self._until_stopped(hosted)
            work.stop(STOP_SECONDS)
        containers.stop(hosted, STOP_SECONDS)
        lease.release()

    def _until_stopped(self, hosted: list[Any]) -> None:
        """Until a signal, or until a container died of something it did not expect."""
        died = threading.Event()

        def wait(container: Any) -> None:
            try:
                container.wait()
            except Exception:
                logger.exception("a container died; ending, to be started anew")
            if not self.stop.is_set():
                died.set()
                self._lose()

        for container in hosted:
            threading.Thread(target=wait, args=(container,), daemon=True).start()
        while not self.stop.wait(0.5):
            pass

    def _lose(self) -> None:
        self.exit_code = 1
        self.stop.set()

    def _open_store(self) -> PostgresStore:
        store = PostgresStore(
            self.definition.name, self.settings.database_of(self.definition.name), pool_size=8
        )
        try:
            check(store)
        except BaseException:
            store.close()
            raise
        return store

    def _ask_broker(self) -> bool:
        with kombu.Connection(self.settings.broker_url, connect_timeout=3) as connection:
            connection.connect()
        return True

    def _wait_for(self, what: str, attempt: Callable[[], Any]) -> Any:
        told = ""
        while not self.stop.is_set():
            try:
                return attempt()
            except (
                StoreError,
                SchemaMismatch,
                psycopg.Error,
                kombu.exceptions.KombuError,
                OSError,
            ) as error:
                if str(error) != told:
                    told = str(error)
                    logger.warning("waiting for %s: %s", what, told.strip())
            self.stop.wait(WAIT_SECONDS)
        return None

    # -- readiness ---------------------------------------------------------------------------------

    def _started(self) -> None:
        if self.parts is None or (self.kind == "serve" and not self.leading):
            raise RuntimeError("starting")

    def _store(self) -> None:
        if self.parts is not None:
            self.parts.store.ping()

    def _broker(self) -> None:
        self._ask_broker()
