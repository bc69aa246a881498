"""``python -m services.<name> serve | work | migrate``: one process of one service on the stack.

``serve`` answers commands and queries; as many replicas as wanted. ``work`` relays, follows, fires
timers and hosts the log; of several one leads and the others stand by. The order of their start
does not matter.
"""

from __future__ import annotations

import gc
import logging
import os
import sys
import threading
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import psycopg

from shared.clock import SystemClock
from shared.config.settings import MigrateSettings, ServiceSettings, load_or_exit
from shared.eventlog.migrate import migrate_postgres
from shared.eventlog.postgres import PostgresStore
from shared.eventlog.store import SchemaMismatch, SchemaTooNew, StoreError
from shared.hosting import containers
from shared.hosting.definition import ServiceDefinition
from shared.hosting.ending import Ending
from shared.hosting.health import Health, serve_wsgi, watch_hub
from shared.hosting.lease import PostgresLease
from shared.hosting.parts import Parts
from shared.hosting.readiness import Readiness, ask_broker, ask_database
from shared.hosting.work import Work
from shared.identity import keys
from shared.identity.keys import BadKey, ServiceIdentity
from shared.observability import logging as observed
from shared.observability import tracing
from shared.observability.metrics import Metrics
from shared.privacy.keyring import WrongMasterKey

logger = logging.getLogger("wuye.process")

# Newly made objects, and rounds of the younger kind, before the garbage collector looks.
COLLECT_AFTER = (20_000, 20, 20)
# Whoever waits for an answer goes first: `work` is so much nicer than `serve`.
_NICER = 5

WAIT_SECONDS = 1.0
T = TypeVar("T")


class _Refused(Exception):
    """The process cannot run as it is set up; the message is for whoever started it."""


class _EndedBefore(Exception):
    """It was told to end while it waited for something."""


def main(definition: ServiceDefinition) -> None:
    """Run what the command line asks for.

    Exit codes: 0 stopped when told; 1 something failed, a new start may help; 2 a wrong command
    line or wrong settings.
    """
    wanted = sys.argv[1:]
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
        print(f"{name}: cannot migrate: {str(error).strip()}", file=sys.stderr)
        sys.exit(1)
    print(f"{name}: {', '.join(applied) if applied else 'nothing to do'}")


def collect_seldom() -> None:
    """Look for cycles more seldom, and never among what was there at the start.

    Events and states make none; a look through everything stops all calls for as long as it takes.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)


class _Process:
    def __init__(self, definition: ServiceDefinition, kind: str) -> None:
        self.definition = definition
        self.kind = kind
        self.settings = load_or_exit(ServiceSettings)
        self.database_url = self.settings.database_of(definition.name)
        observed.setup(
            kind,
            service=definition.name,
            log_format=self.settings.log_format,
            level=self.settings.log_level,
        )
        self.metrics = Metrics()
        self.ending = Ending()
        self.ready = Readiness(self.database_url, self.settings.broker_url)

    def run(self) -> None:
        """Until a signal, or until something dies that it cannot do without. Does not return."""
        self.ending.heed_signals()
        tracing.start(self.settings.otlp_endpoint)
        try:
            self._run()
            logger.info("stopped")
        except _EndedBefore:
            logger.info("stopped before it had started")
        except _Refused as refused:
            print(f"{self.definition.name}: {refused}", file=sys.stderr)
            self.ending.exit_code = 1
        except Exception:
            logger.exception("ending, to be started anew")
            self.ending.exit_code = 1
        tracing.stop(self.ending.left())
        # Whatever thread is left over must not hold the process.
        self.ending.now()

    def _run(self) -> None:
        identity, master_key, service_keys = self._keys()
        self._serve_health()
        self._wait_for("the database", lambda: ask_database(self.database_url))
        self._wait_for("the broker", lambda: ask_broker(self.settings.broker_url))
        store = PostgresStore(self.definition.name, self.database_url, pool_size=8)
        parts = self._wait_for(
            "the database",
            lambda: Parts(
                self.definition,
                store,
                clock=SystemClock(),
                master_key=master_key,
                identity=identity,
                service_keys=service_keys,
                url=self.settings.broker_url,
                metrics=self.metrics,
                queue_limit=self.settings.queue_limit,
                options=self.settings.options,
            ),
        )
        self.metrics.watch_pool(self.definition.name, store.pool_use)
        if self.kind == "serve":
            self._serve(parts)
        else:
            self._work(parts)
        parts.close(self.ending.left())

    def _keys(self) -> tuple[ServiceIdentity, bytes, dict[str, Any]]:
        folder, name = self.settings.keys_dir, self.definition.name
        try:
            identity = ServiceIdentity(name, keys.load_private(folder, name), SystemClock())
            master = keys.master_key(folder, self.settings.master_key)
            return identity, master, keys.public_keys(folder)
        except BadKey as bad:
            raise _Refused(
                f"{bad}: put the platform's keys into {folder}, or set WUYE_KEYS_DIR to theirs"
            ) from None

    def _serve_health(self) -> None:
        settings = self.settings
        try:
            _, port = serve_wsgi(
                Health(self.metrics, self.ready.checks), settings.health_host, settings.health_port
            )
        except OSError as error:
            raise _Refused(
                f"cannot listen on {settings.health_host} port {settings.health_port} "
                f"({error.strerror}): set WUYE_HEALTH_HOST and WUYE_HEALTH_PORT to what is free"
            ) from None
        logger.info("health on port %s", port)
        threading.Thread(
            target=watch_hub, args=(self.metrics, self.ending.asked), daemon=True
        ).start()

    def _serve(self, parts: Parts) -> None:
        hosted = containers.serving(parts, self.settings.max_workers)
        self._host(hosted)
        collect_seldom()
        self.ready.started()
        logger.info("serving")
        self.ending.asked.wait()
        containers.stop(hosted, self.ending.left())

    def _work(self, parts: Parts) -> None:
        os.nice(_NICER)
        hosted = containers.working(parts)
        self._host(hosted)
        collect_seldom()
        self.ready.started()
        lease = PostgresLease(self.database_url)
        if lease.acquire(self.ending.asked):
            self._lead(parts, lease)
        containers.stop(hosted, self.ending.left())

    def _lead(self, parts: Parts, lease: PostgresLease) -> None:
        logger.info("leading")
        work = Work(parts, self.ending.fail)
        work.start()
        self.ready.leading(work)
        threading.Thread(
            target=lease.watch, args=(self.ending.asked, self.ending.fail), daemon=True
        ).start()
        self.ending.asked.wait()
        # Half of what is left: calls under way may need the rest.
        work.stop(self.ending.left() / 2)
        lease.release()

    def _host(self, hosted: Sequence[Any]) -> None:
        """Start the containers; should one die of something unexpected, the process ends."""

        def wait(container: Any) -> None:
            try:
                container.wait()
            except Exception:
                logger.exception("a container died")
            if not self.ending.asked.is_set():
                self.ending.fail()

        containers.start(hosted)
        for container in hosted:
            threading.Thread(target=wait, args=(container,), daemon=True).start()

    def _wait_for(self, what: str, attempt: Callable[[], T]) -> T:
        told = ""
        while not self.ending.asked.is_set():
            try:
                return attempt()
            except (SchemaTooNew, WrongMasterKey) as error:
                raise _Refused(str(error)) from None
            except (StoreError, SchemaMismatch, OSError) as error:
                if str(error) != told:
                    told = str(error)
                    logger.warning("waiting for %s: %s", what, told)
            self.ending.asked.wait(WAIT_SECONDS)
        raise _EndedBefore
