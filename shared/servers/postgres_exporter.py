"""What PostgreSQL says of itself, for Prometheus: Debian's exporter, on a loopback port."""

from __future__ import annotations

import shutil
import signal
from pathlib import Path

from shared.servers.ports import free_port
from shared.servers.process import OwnedProcess
from shared.servers.provision import found_or_installed

PROGRAM = "prometheus-postgres-exporter"


class PostgresExporter:
    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self.port = 0
        self._server = OwnedProcess(
            "postgres-exporter", self.folder, stop_signal=signal.SIGTERM, stop_seconds=5
        )

    def start(self, url: str) -> None:
        """Watch the cluster behind this URL, all its databases.

        Raises ``Unavailable`` where the exporter is not installed and may not be.
        """
        program = found_or_installed("PostgreSQL's exporter", PROGRAM, _find)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = self.port or free_port()
        self._server.start(
            [program, f"--web.listen-address=127.0.0.1:{self.port}"],
            # the password is in no command line
            env={"PATH": "/usr/bin:/bin", "DATA_SOURCE_NAME": f"{url}?sslmode=disable"},
            cwd=self.folder,
        )

    def stop(self) -> None:
        self._server.stop()


def _find() -> Path | None:
    found = shutil.which(PROGRAM)
    return Path(found) if found else None
