"""A private Prometheus: own folder, own loopback port, the targets and rules it is given."""

from __future__ import annotations

import json
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shared.servers.ports import free_port
from shared.servers.process import FolderLock, OwnedProcess
from shared.servers.provision import prometheus_programs


@dataclass(frozen=True)
class Target:
    """What is scraped at a loopback port; ``labels`` tell it apart from others of its job."""

    job: str
    port: int
    labels: Mapping[str, str] = field(default_factory=dict)
    path: str = "/metrics"
    params: Mapping[str, Sequence[str]] = field(default_factory=dict)


class PrivatePrometheus:
    """Keeps what it scraped in ``folder`` for two weeks."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self.port = 0
        self._lock = FolderLock(self.folder, "Prometheus")
        self._server = OwnedProcess(
            "prometheus", self.folder, stop_signal=signal.SIGTERM, stop_seconds=10
        )

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(
        self, targets: Sequence[Target], rules: Mapping[str, Any], *, seconds: int = 5
    ) -> None:
        """Scrape every so many ``seconds``. ``rules``: ``{"groups": [...]}`` as a rule file has.

        Raises ``Conflict`` when another process runs it, ``Unavailable`` when it is not installed.
        """
        self._lock.acquire()
        try:
            program = prometheus_programs() / "prometheus"
            self.port = self.port or free_port()
            # JSON is YAML.
            (self.folder / "rules.json").write_text(json.dumps(rules))
            (self.folder / "prometheus.json").write_text(
                json.dumps(_configuration(targets, seconds))
            )
            self._server.start(
                [
                    program,
                    f"--config.file={self.folder / 'prometheus.json'}",
                    f"--storage.tsdb.path={self.folder / 'data'}",
                    "--storage.tsdb.retention.time=15d",
                    f"--web.listen-address=127.0.0.1:{self.port}",
                ],
                env={"PATH": "/usr/bin:/bin"},
                cwd=self.folder,
            )
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        self._server.stop()
        self._lock.release()


def _configuration(targets: Sequence[Target], seconds: int) -> dict[str, Any]:
    every = f"{seconds}s"
    return {
        "global": {
            "scrape_interval": every,
            "scrape_timeout": every,
            "evaluation_interval": every,
        },
        "rule_files": ["rules.json"],
        "scrape_configs": [
            {
                "job_name": f"{target.job}-{number}",
                "metrics_path": target.path,
                "params": {name: list(values) for name, values in target.params.items()},
                "static_configs": [
                    {
                        "targets": [f"127.0.0.1:{target.port}"],
                        "labels": {"job": target.job, **target.labels},
                    }
                ],
            }
            for number, target in enumerate(targets)
        ],
    }
