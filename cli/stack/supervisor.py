"""Supervisord over the processes: restarts what dies, stops group by group, every line prefixed.

Supervisord (and not honcho, which ends everything with the first process that ends, nor circus,
which brings zmq sockets and tornado) writes each process's output into a pipe of ours.
"""

from __future__ import annotations

import os
import selectors
import shlex
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from cli.stack.plan import GROUPS, Program
from shared.servers.process import OwnedProcess

# Longer than a process allows itself, so that only a stuck one is killed.
STOP_SECONDS = 20
_ALL_SECONDS = STOP_SECONDS * len(GROUPS) + 5
_OWN = "supervisor"
_HEAD = """\
[supervisord]
nodaemon = true
silent = true
logfile = /dev/fd/{log}
logfile_maxbytes = 0
pidfile = {pidfile}
childlogdir = {folder}
{user}
"""
_GROUP = """
[group:{name}]
programs = {programs}
priority = {priority}
"""
# A process may end itself on purpose (a lost lease), so it is started again whatever its exit code.
_PROGRAM = """
[program:{name}]
command = {command}
environment = {environment}
autorestart = true
startsecs = 2
startretries = 20
stopwaitsecs = {stop_seconds}
stopasgroup = true
killasgroup = true
redirect_stderr = true
stdout_logfile = /dev/fd/{log}
stdout_logfile_maxbytes = 0
"""


class Supervisor:
    """Call `pump` all the while: it carries the output, and a full pipe holds a process up."""

    def __init__(
        self, folder: Path, programs: Sequence[Program], tell: Callable[[str, str], None]
    ) -> None:
        """`tell` gets a process's name and a line of its output."""
        self._folder = folder
        self._programs = programs
        self._tell = tell
        self._selector = selectors.DefaultSelector()
        self._rest: dict[str, bytes] = {}
        self._process = OwnedProcess(
            "supervisord",
            folder,
            stop_signal=signal.SIGTERM,
            stop_seconds=_ALL_SECONDS,
        )

    @property
    def running(self) -> bool:
        return self._process.running

    def start(self, environment: Mapping[str, str]) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        writers = {name: self._pipe(name) for name in (_OWN, *(p.name for p in self._programs))}
        configuration = self._folder / "supervisord.conf"
        configuration.touch(mode=0o600)
        configuration.write_text(self._configuration(writers))
        try:
            self._process.start(
                [sys.executable, "-m", "supervisor.supervisord", "-c", configuration],
                env=environment,
                cwd=Path.cwd(),
                pass_fds=tuple(writers.values()),
            )
        finally:
            for writer in writers.values():
                os.close(writer)

    def pump(self, seconds: float) -> None:
        """Pass on the output that comes within so many seconds."""
        for key, _ in self._selector.select(seconds):
            name: str = key.data
            chunk = os.read(key.fd, 65536)
            *lines, self._rest[name] = (self._rest[name] + chunk).split(b"\n")
            if not chunk:
                lines = [self._rest.pop(name)]
                self._selector.unregister(key.fd)
                os.close(key.fd)
            for line in lines:
                text = _without_noise(name, line.decode(errors="replace"))
                if text:
                    self._tell(name, text)

    def stop(self) -> None:
        """Stop the groups one after another; what takes longer than `STOP_SECONDS` is killed."""
        self._process.ask()
        deadline = time.monotonic() + _ALL_SECONDS
        while self._process.running and time.monotonic() < deadline:
            self.pump(0.5)
        self._process.kill()
        while self._selector.get_map():
            self.pump(0.5)

    def last_words(self) -> str:
        return self._process.last_words()

    def _pipe(self, name: str) -> int:
        reader, writer = os.pipe()
        self._selector.register(reader, selectors.EVENT_READ, name)
        self._rest[name] = b""
        return writer

    def _configuration(self, writers: Mapping[str, int]) -> str:
        parts = [
            _HEAD.format(
                log=writers[_OWN],
                pidfile=_plain(str(self._folder / "supervisord.own.pid")),
                folder=_plain(str(self._folder)),
                # Said aloud, or supervisord warns that it keeps running as root.
                user="user = root" if os.geteuid() == 0 else "",
            )
        ]
        for priority, group in enumerate(reversed(GROUPS)):
            members = [program for program in self._programs if program.group == group]
            if members:
                names = ",".join(program.name for program in members)
                parts.append(_GROUP.format(name=group, programs=names, priority=priority))
        for program in self._programs:
            parts.append(
                _PROGRAM.format(
                    name=program.name,
                    command=_plain(shlex.join(program.argv)),
                    environment=_plain(
                        ",".join(f'{key}="{text}"' for key, text in program.environment.items())
                    ),
                    stop_seconds=STOP_SECONDS,
                    log=writers[program.name],
                )
            )
        return "".join(parts)


def _without_noise(name: str, line: str) -> str:
    """Of supervisord's own lines no date, and not that all is as it should be."""
    if name != _OWN:
        return line.rstrip()
    text = line.partition(",")[2].partition(" ")[2]
    return "" if text.startswith(("INFO success:", "INFO Set uid", "INFO waiting for")) else text


def _plain(text: str) -> str:
    """As it is: supervisord expands `%(name)s`."""
    return text.replace("%", "%%")
