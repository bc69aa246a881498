"""A private PostgreSQL cluster: own folder, own loopback port, default durability."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from shared.errors import TimedOut, Unavailable
from shared.servers.ports import free_port
from shared.servers.process import FolderLock, OwnedProcess
from shared.servers.provision import postgres_programs

SUPERUSER = "postgres"
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


class PrivatePostgres:
    """One cluster in ``folder``: its data stays there over stop and start, its port over a restart.

    As root, which PostgreSQL refuses, it runs as the system's user ``postgres``, and reaches its
    data by an inherited descriptor: the folder may lie where that user cannot go (``/root``).
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self.port = 0
        self._data = self.folder / "data"
        self._lock = FolderLock(self.folder, "PostgreSQL")
        # SIGINT is PostgreSQL's fast shutdown: it does not wait for clients.
        self._server = OwnedProcess(
            "postgres", self.folder, stop_signal=signal.SIGINT, stop_seconds=20
        )

    def url(
        self, database: str = "postgres", user: str = SUPERUSER, password: str | None = None
    ) -> str:
        """A libpq URL; without a password, the superuser's."""
        return (
            f"postgresql://{user}:{password or self._password()}@127.0.0.1:{self.port}/{database}"
        )

    @property
    def pid(self) -> int:
        """The process id of the postmaster."""
        return self._server.pid

    def start(self) -> None:
        """Make the cluster on the first start, start it, and wait until it answers.

        Raises ``Conflict`` when another process runs it, ``Unavailable`` when it cannot start.
        """
        self._lock.acquire()
        if self._server.running:
            return
        try:
            if not self._data.exists():
                self._make_cluster()
            self.port = self.port or free_port()
            options = [f"--{name}={value}" for name, value in _SETTINGS.items()]
            version = (self._data / "PG_VERSION").read_text().strip()
            with self._reachable(self._data) as (path, fds):
                self._server.start(
                    [
                        postgres_programs(version) / "postgres",
                        "-D",
                        path,
                        f"--port={self.port}",
                        *options,
                    ],
                    env=_environment(),
                    cwd="/",
                    user=_user(),
                    pass_fds=fds,
                )
            self.wait_ready()
        except BaseException:
            self.stop()
            raise

    def wait_ready(self, seconds: float = 60) -> None:
        """Until it answers; raises ``Unavailable`` when it died, ``TimedOut`` when it is late."""
        import psycopg

        until = time.monotonic() + seconds
        while True:
            try:
                psycopg.connect(self.url(), connect_timeout=2).close()
                return
            except psycopg.OperationalError:
                if not self._server.running:
                    raise Unavailable(
                        f"PostgreSQL did not start: {self._server.last_words()} "
                        f"(its log is in {self.folder})"
                    ) from None
                if time.monotonic() > until:
                    raise TimedOut(
                        f"PostgreSQL is not ready after {seconds:g} s: see its log in {self.folder}"
                    ) from None
            time.sleep(0.05)

    def stop(self) -> None:
        """Fast shutdown: open transactions are rolled back, what was committed is on the disk."""
        self._server.stop()
        self._lock.release()

    def kill(self) -> None:
        """SIGKILL to the postmaster, as a crash would; ``start`` recovers."""
        self._server.kill()

    def restart(self) -> None:
        """Stop and start on the same port."""
        self.stop()
        self.start()

    def create_database(self, name: str) -> str:
        """Make an empty database; its superuser URL."""
        self.execute(f'CREATE DATABASE "{name}"')
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Drop a database, closing the connections to it."""
        self.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def execute(self, *statements: str, database: str = "postgres") -> None:
        """Run statements as superuser, each in a transaction of its own."""
        import psycopg

        with psycopg.connect(self.url(database), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def _make_cluster(self) -> None:
        # Made aside and renamed, so that a cluster is there whole or not at all.
        fresh = self.folder / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        secret = self.folder / "superuser.secret"
        secret.touch(mode=0o600)
        secret.write_text(secrets.token_urlsafe(24) + "\n")
        user = _user()
        if user:
            shutil.chown(fresh, user)
            shutil.chown(secret, user)
        with self._reachable(fresh) as (path, fds), secret.open() as password:
            done = subprocess.run(
                [
                    postgres_programs() / "initdb",
                    f"--pgdata={path}",
                    f"--username={SUPERUSER}",
                    f"--pwfile=/dev/fd/{password.fileno()}",
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    "--locale=C",
                    "--data-checksums",
                ],
                env=_environment(),
                cwd="/",
                user=user,
                group=user,
                extra_groups=[] if user else None,
                pass_fds=(*fds, password.fileno()),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
            )
        if done.returncode != 0:
            said = [line for line in done.stderr.splitlines() if line.strip()] or [
                "no reason given"
            ]
            raise Unavailable(f"PostgreSQL's initdb failed in {self.folder}: {said[-1]}")
        fresh.rename(self._data)

    @contextlib.contextmanager
    def _reachable(self, path: Path) -> Iterator[tuple[str, tuple[int, ...]]]:
        """The path as the server sees it, and the descriptors it must inherit for that."""
        if _user() is None:
            yield str(path), ()
            return
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            yield f"/proc/self/fd/{descriptor}", (descriptor,)
        finally:
            os.close(descriptor)

    def _password(self) -> str:
        return (self.folder / "superuser.secret").read_text().strip()


def _user() -> str | None:
    return "postgres" if os.geteuid() == 0 else None


def _environment() -> dict[str, str]:
    """Nothing of ours but the PATH: PG* variables would point it at another server."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
