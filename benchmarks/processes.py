"""Ending, pausing and metering processes, all by their ids."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import psutil

END_SECONDS = 20.0
ANSWER_SECONDS = 120.0


def end(processes: Sequence[subprocess.Popen[Any]]) -> None:
    """Ask all of them to stop, and kill who does not."""
    for process in processes:
        # one that is stopped hears nothing else
        for number in (signal.SIGTERM, signal.SIGCONT):
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(number)
    until = time.monotonic() + END_SECONDS
    for process in processes:
        try:
            process.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def environment(**settings: str) -> dict[str, str]:
    """For a process of ours: no setting but these."""
    plain = {name: text for name, text in os.environ.items() if not name.startswith("WUYE_")}
    return {**plain, "PYTHONPATH": os.getcwd(), **settings}


def wait_answering(process: subprocess.Popen[Any], port: int, log: Path) -> None:
    """Until something answers HTTP on a loopback port, whatever it says."""
    until = time.monotonic() + ANSWER_SECONDS
    while time.monotonic() < until:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/")
            connection.getresponse()
            return
        except (OSError, http.client.HTTPException):
            if process.poll() is not None:
                raise RuntimeError(f"it ended by itself: {log.read_text()[-2000:]}") from None
            time.sleep(0.02)
        finally:
            connection.close()
    raise RuntimeError(f"it does not answer: {log.read_text()[-2000:]}")


@contextlib.contextmanager
def stopped(pids: Iterable[int]) -> Iterator[None]:
    """These take no turn meanwhile (SIGSTOP), so that only who is measured runs.

    For less than a minute: RabbitMQ gives up on those it does not hear of for longer.
    """
    held = list(pids)
    try:
        for pid in held:
            os.kill(pid, signal.SIGSTOP)
        yield
    finally:
        for pid in held:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


def family(pid: int) -> list[int]:
    """A process and all below it."""
    try:
        process = psutil.Process(pid)
        return [pid, *(child.pid for child in process.children(recursive=True))]
    except psutil.NoSuchProcess:
        return []


class Meter:
    """Processor seconds by group of processes, since it was made."""

    def __init__(self, groups: Mapping[str, Callable[[], Sequence[int]]]) -> None:
        self._groups = groups
        self._before = {name: cpu_by_pid(pids()) for name, pids in groups.items()}

    def seconds(self) -> dict[str, float]:
        return {
            name: sum(
                used - self._before[name].get(pid, 0.0) for pid, used in cpu_by_pid(pids()).items()
            )
            for name, pids in self._groups.items()
        }


def cpu_by_pid(pids: Iterable[int]) -> dict[int, float]:
    found = {}
    for pid in pids:
        with contextlib.suppress(psutil.NoSuchProcess):
            times = psutil.Process(pid).cpu_times()
            found[pid] = times.user + times.system
    return found


def memory_mb(pids: Iterable[int]) -> float:
    """What they would give back (USS), in MB: shared pages are nobody's alone."""
    total = 0
    for pid in pids:
        with contextlib.suppress(psutil.NoSuchProcess):
            total += psutil.Process(pid).memory_full_info().uss
    return total / 2**20


def connections_to(port: int, pids: Iterable[int]) -> int:
    """Open TCP connections of these processes to a local port."""
    found = 0
    for pid in pids:
        with contextlib.suppress(psutil.NoSuchProcess):
            found += sum(
                bool(one.raddr) and one.raddr.port == port and one.status == "ESTABLISHED"
                for one in psutil.Process(pid).net_connections("tcp")
            )
    return found
