"""Finds the server programs, and installs Debian's packages where they are missing and we may."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from shared.errors import Unavailable

_POLICY = Path("/usr/sbin/policy-rc.d")


def postgres_programs(version: str | None = None) -> Path:
    """The folder with ``initdb`` and ``postgres``: of this major version, or else the newest.

    Raises ``Unavailable`` with what to do when PostgreSQL is missing and may not be installed here.
    """

    def find() -> Path | None:
        on_path = shutil.which("postgres")
        found = sorted(
            (path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/postgres")),
            key=lambda folder: int(folder.parent.name) if folder.parent.name.isdigit() else 0,
        )
        found = ([Path(on_path).resolve().parent] if on_path else []) + found
        same = [folder for folder in found if folder.parent.name == version]
        best = same or found
        return best[-1] if best else None

    return found_or_installed("PostgreSQL", "postgresql", find)


def rabbitmq_script() -> Path:
    """The plain start script of RabbitMQ, not the wrapper that insists on a user of its own.

    Raises ``Unavailable`` with what to do when RabbitMQ is missing and may not be installed here.
    """

    def find() -> Path | None:
        packaged = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
        on_path = shutil.which("rabbitmq-server")
        if packaged.exists() or on_path is None:
            return packaged if packaged.exists() else None
        plain = Path(on_path).resolve()
        return plain if (plain.parent / "rabbitmq-env").exists() else None

    return found_or_installed("RabbitMQ", "rabbitmq-server", find)


def prometheus_programs() -> Path:
    """The folder with ``prometheus`` and ``promtool``.

    Raises ``Unavailable`` with what to do when they are missing and may not be installed here.
    """

    def find() -> Path | None:
        on_path = shutil.which("prometheus"), shutil.which("promtool")
        return Path(on_path[0]).parent if on_path[0] and on_path[1] else None

    return found_or_installed("Prometheus", "prometheus", find)


def erlang_programs() -> Path:
    """The folder with Erlang's ``epmd`` and ``erl_call``; RabbitMQ brings them."""
    on_path = shutil.which("erl")
    places = [Path("/usr/lib/erlang/bin"), Path("/usr/local/lib/erlang/bin")]
    if on_path:
        places.insert(0, Path(on_path).resolve().parent)
    for place in places:
        if (place / "epmd").exists() and (place / "erl_call").exists():
            return place
    raise Unavailable(
        "Erlang's epmd and erl_call are missing: install Debian's package erlang-base"
    )


def found_or_installed(what: str, package: str, find: Callable[[], Path | None]) -> Path:
    """What ``find`` finds, if need be after installing Debian's package; raises ``Unavailable``."""
    found = find()
    if found is None:
        if os.geteuid() != 0 or shutil.which("apt-get") is None:
            raise Unavailable(
                f"{what} is not installed: run `sudo apt-get install {package}`, "
                f"or install {what} another way and put it on the PATH, then start again"
            )
        with _one_at_a_time():
            found = find() or _install(what, package, find)
    return found


def _install(what: str, package: str, find: Callable[[], Path | None]) -> Path:
    print(f"installing {what} (Debian's package {package}); it is not started", file=sys.stderr)
    apt = ["apt-get", "-q", "-o", "DPkg::Lock::Timeout=300"]
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with _nothing_starts():
        for step in (["update"], ["install", "-y", "--no-install-recommends", package]):
            done = subprocess.run(
                [*apt, *step], env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True
            )
            if done.returncode != 0:
                said = [line for line in done.stderr.splitlines() if line.strip()] or [
                    "no reason given"
                ]
                raise Unavailable(
                    f"{what} could not be installed: `apt-get {step[0]}` failed ({said[-1]}); "
                    f"install Debian's package {package} by hand, then start again"
                )
    found = find()
    if found is None:
        raise Unavailable(f"{package} is installed, but its programs were not found")
    return found


@contextlib.contextmanager
def _nothing_starts() -> Iterator[None]:
    """Debian packages start no service while this holds: ``policy-rc.d`` answers "forbidden"."""
    ours = not _POLICY.exists()
    if ours:
        _POLICY.write_text("#!/bin/sh\nexit 101\n")
        _POLICY.chmod(0o755)
    try:
        yield
    finally:
        if ours:
            _POLICY.unlink(missing_ok=True)


@contextlib.contextmanager
def _one_at_a_time() -> Iterator[None]:
    with (Path(tempfile.gettempdir()) / "wuye-install.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
