"""A server process that ends with its owner, and is found again when the owner was killed."""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

from shared.errors import Conflict, Unavailable

# Reads a line when all is well; end of file means the owner is gone without a goodbye.
_GUARD = """
read -r _ && exit 0
kill -"$2" "$1" 2>/dev/null
tries=0
while kill -0 "$1" 2>/dev/null && [ "$tries" -lt "$3" ]; do sleep 0.2; tries=$((tries + 1)); done
kill -KILL "$1" 2>/dev/null
"""


class FolderLock:
    """Only one process at a time runs what lives in a folder (``flock`` on ``<folder>/lock``)."""

    def __init__(self, folder: Path, what: str) -> None:
        self._path = folder / "lock"
        self._what = what
        self._file: IO[str] | None = None

    def acquire(self) -> None:
        """Raises ``Conflict`` when another process holds it."""
        if self._file is not None:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = self._path.open("a")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            raise Conflict(
                f"{self._what} in {self._path.parent} is already running: stop that one first, "
                "or choose another folder"
            ) from None
        self._file = file

    def release(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


class OwnedProcess:
    """One process in a session of its own, so that Ctrl-C on the terminal reaches its owner alone.

    A guard beside it ends it when the owner dies. ``<folder>/<name>.pid`` holds its pid and start
    time (``/proc/<pid>/stat``, field 22), by which the next owner ends what even the guard left.
    What it leaves of its own session when it ends is killed.
    """

    def __init__(
        self, name: str, folder: Path, *, stop_signal: signal.Signals, stop_seconds: float
    ) -> None:
        self.name = name
        self._log = folder / f"{name}.log"
        self._record = folder / f"{name}.pid"
        self._stop_signal = stop_signal
        self._stop_seconds = stop_seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._guard: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process id; raises ``Unavailable`` when it was never started or is stopped."""
        if self._process is None:
            raise Unavailable(f"{self.name} is not running: start it first")
        return self._process.pid

    @property
    def running(self) -> bool:
        # Looks without reaping: as long as the zombie is there, its session's number is its own.
        look = os.WEXITED | os.WNOHANG | os.WNOWAIT
        return self._process is not None and not os.waitid(os.P_PID, self._process.pid, look)

    def start(
        self,
        argv: Sequence[str | Path],
        *,
        env: Mapping[str, str],
        cwd: Path | str,
        user: str | None = None,
        pass_fds: Sequence[int] = (),
    ) -> None:
        """Start it, with its output in ``<folder>/<name>.log``."""
        self.kill()
        self._end_orphan()
        with self._log.open("wb") as output:
            self._process = subprocess.Popen(
                [str(part) for part in argv],
                env=dict(env),
                cwd=cwd,
                user=user,
                group=user,
                extra_groups=[] if user else None,
                pass_fds=pass_fds,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        pid = self._process.pid
        self._record.write_text(f"{pid} {_started(pid)}\n")
        self._guard = subprocess.Popen(
            [
                *("/bin/sh", "-c", _GUARD, "guard"),
                *(str(pid), self._stop_signal.name[3:], str(round(self._stop_seconds * 5))),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,
        )

    def ask(self) -> None:
        """Ask it to end, and do not wait."""
        if self._process is not None and self.running:
            os.kill(self._process.pid, self._stop_signal)

    def stop(self) -> None:
        """Ask it to end, wait as long as it was given, then kill it."""
        self._end(self._stop_signal)

    def kill(self) -> None:
        """End it at once, as a crash would (SIGKILL)."""
        self._end(signal.SIGKILL)

    def last_words(self) -> str:
        """The last line it logged."""
        text = self._log.read_text(errors="replace") if self._log.exists() else ""
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        return lines[-1] if lines else "it logged nothing"

    def _end(self, how: signal.Signals) -> None:
        if self._process is None:
            return
        for step in (how, signal.SIGKILL):
            if self.running:
                os.kill(self._process.pid, step)
                _until(lambda: not self.running, self._stop_seconds)
        _kill_session(self._process.pid)
        self._process.wait()
        self._process = None
        self._release_guard()
        self._record.unlink(missing_ok=True)

    def _release_guard(self) -> None:
        guard, self._guard = self._guard, None
        if guard is not None:
            with contextlib.suppress(BrokenPipeError):
                guard.communicate(b"done\n")

    def _end_orphan(self) -> None:
        try:
            pid, started = self._record.read_text().split()
        except (OSError, ValueError):
            return
        for how in (self._stop_signal, signal.SIGKILL):
            if started == _started(int(pid)):
                os.kill(int(pid), how)
                _until(lambda: started != _started(int(pid)), self._stop_seconds)
        self._record.unlink(missing_ok=True)


def _until(done: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not done() and time.monotonic() < end:
        time.sleep(0.02)


def _started(pid: int) -> str | None:
    """When it started, in clock ticks since boot; ``None`` when it ended (a zombie has ended)."""
    fields = _stat(pid)
    return fields[19] if fields else None


def _kill_session(session: int) -> None:
    """Kill what is left of a session. Its number is taken as long as one member lives."""
    for entry in Path("/proc").glob("[0-9]*"):
        fields = _stat(int(entry.name))
        if fields and fields[3] == str(session):
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(entry.name), signal.SIGKILL)


def _stat(pid: int) -> list[str] | None:
    """The fields of ``/proc/<pid>/stat`` from the third, the state, on; ``None`` when it ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] in "ZX" else fields
