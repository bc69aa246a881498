"""The stack that tests of hosting share, and what they do with it again and again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from prometheus_client.parser import text_string_to_metric_families

from shared.eventlog.postgres import LOG_LOCK
from shared.messaging.rpc_client import Reply
from tests.integration.hosting.programs.switches import FOLDER
from tests.support.running import Processes, Running
from tests.support.waiting import wait_until

PROGRAMS = "tests.integration.hosting.programs"


def modules() -> dict[str, str]:
    return {"toys": f"{PROGRAMS}.bank_process", "mirror": f"{PROGRAMS}.mirror_process"}


def environment_of(folder: Path) -> dict[str, str]:
    """A short queue, and little patience, so that tests see the end of both."""
    (folder / "switches").mkdir()
    return {FOLDER: str(folder / "switches"), "WUYE_QUEUE_LIMIT": "20", "PATIENCE": "8"}


class Bench(Processes):
    """``serve()`` and ``work()`` give the running process, started where there is none."""

    def __enter__(self) -> Bench:
        self._kept: dict[tuple[str, str], Running] = {}
        super().__enter__()
        return self

    def serve(self, service: str = "toys") -> Running:
        return self._keep(service, "serve")

    def work(self, service: str = "toys") -> Running:
        return self._keep(service, "work")

    def both(self, service: str = "toys") -> tuple[Running, Running]:
        """`serve` and the leading `work`, ready."""
        found = self.serve(service), self.work(service)
        for one in found:
            one.wait_ready()
        found[1].until_logged("leading")
        return found

    def without(self, service: str, kind: str) -> None:
        """Stop the kept one, where it runs."""
        kept = self._kept.pop((service, kind), None)
        if kept is not None and kept.alive():
            assert kept.stop() == 0

    def keep(self, service: str, kind: str, running: Running) -> None:
        """From now on, this is the one."""
        self._kept[service, kind] = running

    def _keep(self, service: str, kind: str) -> Running:
        kept = self._kept.get((service, kind))
        if kept is None or not kept.alive():
            kept = self._kept[service, kind] = self.run(service, kind)
        return kept

    # -- what tests do -------------------------------------------------------------------------

    def switch(self, name: str) -> None:
        (self.folder / "switches" / name).touch()

    def add(self, jar: str, amount: int = 1, **more: Any) -> dict[str, Any]:
        return self.call("toys", "add", {"id": jar, "amount": amount, **more})

    def add_async(self, jar: str, *, seconds: float = 20.0, **more: Any) -> Reply:
        request = {"id": jar, "amount": 1, **more}
        token = self.operator.token()
        return self.rpc.call_async("toys", "add", request, auth_token=token, timeout=seconds)

    def view(self, name: str, service: str = "toys") -> dict[str, Any]:
        """A handler's place."""
        handlers = self.call(f"{service}.ops", "views", {})["handlers"]
        found: dict[str, Any] = next(one for one in handlers if one["handler"] == name)
        return found

    def rebuild(self, view: str, service: str = "toys", seconds: float = 90.0) -> dict[str, Any]:
        """Ask for it and wait for its end."""
        asked = self.call(f"{service}.ops", "rebuild", {"view": view})["id"]
        return self.finished(asked, service, seconds)

    def finished(self, asked: str, service: str = "toys", seconds: float = 90.0) -> dict[str, Any]:
        def end() -> dict[str, Any] | None:
            found = self.call(f"{service}.ops", "rebuild_status", {"id": asked})
            return found if found["status"] in ("done", "failed") else None

        found: dict[str, Any] = wait_until("the rebuild ends", end, seconds)
        return found

    def settle(self, seconds: float = 90.0, service: str = "toys") -> None:
        """Until the handlers of this service that follow the jars stand at the end."""
        behind = "SELECT handler FROM positions WHERE log = 'toys' AND position < %s"

        def left() -> list[Any]:
            head = self.query("toys", "SELECT max(notification_id) FROM stored_events")[0][0]
            return self.query(service, behind, head or 0)

        wait_until(f"{service} is at the end", lambda: not left(), seconds)

    @contextmanager
    def log_locked(self, service: str = "toys") -> Iterator[None]:
        """Nobody can append meanwhile."""
        with psycopg.connect(self.owner_urls[service], autocommit=True) as connection:
            connection.execute("SELECT pg_advisory_lock(%s)", (LOG_LOCK,))
            yield

    def wait_for_lock(self, service: str = "toys") -> None:
        """Until somebody waits to append."""
        waiting = (
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted "
            "AND (classid::bigint << 32 | objid::bigint) = %s"
        )
        wait_until("somebody waits", lambda: self.query(service, waiting, LOG_LOCK)[0][0])

    def moves(self, service: str = "toys") -> Counter[str]:
        """Events a stream, by the log itself."""
        rows = self.query(service, "SELECT originator_id, count(*) FROM stored_events GROUP BY 1")
        return Counter(dict(rows))


def jar() -> str:
    return f"c1.{uuid4()}"


def figures(running: Running) -> Counter[str]:
    """Every sample of /metrics: ``name{label=value,...}`` in the order of the labels' names."""
    status, body = running.get("/metrics")
    assert status == 200
    found: Counter[str] = Counter()
    for family in text_string_to_metric_families(body.decode()):
        for sample in family.samples:
            labels = ",".join(f"{name}={text}" for name, text in sorted(sample.labels.items()))
            found[f"{sample.name}{{{labels}}}"] = sample.value  # type: ignore[assignment]
    return found
