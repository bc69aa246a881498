"""The end of a process: asked for by a signal or from within, and over within a bound."""

from __future__ import annotations

import os
import signal
import threading
import time
from types import FrameType
from typing import NoReturn

STOP_SECONDS = 15.0
# after a fault: nothing of worth can be waited for, and a new start is the repair
FAULT_SECONDS = 5.0
# left at the end for what has no time limit of its own
_RESERVE_SECONDS = 2.0
_LOOK_SECONDS = 0.1


class Ending:
    """``asked`` is set once the process is to end. ``STOP_SECONDS`` later, or ``FAULT_SECONDS``, it
    is gone, whatever hangs: what was acknowledged is durable, all else is taken up again at the
    next start.
    """

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.exit_code = 0
        self._signalled = False
        self._until: float | None = None

    def heed_signals(self) -> None:
        """Take SIGTERM and SIGINT as the wish to end."""
        signal.signal(signal.SIGALRM, self._time_is_up)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._told)
        threading.Thread(target=self._watch, name="ending", daemon=True).start()

    def fail(self) -> None:
        """End for a fault, to be started anew by whoever runs it; no news where it ends already."""
        if self.asked.is_set():
            return
        self.exit_code = 1
        self._begin(FAULT_SECONDS)
        self.asked.set()

    def left(self) -> float:
        """Seconds that may still be spent on an orderly end."""
        if self._until is None:
            return STOP_SECONDS - _RESERVE_SECONDS
        return max(0.0, self._until - _RESERVE_SECONDS - time.monotonic())

    def now(self) -> NoReturn:
        """End without waiting for any thread."""
        os._exit(self.exit_code)

    def _told(self, number: int, frame: FrameType | None) -> None:
        # Runs between any two instructions of any thread: nothing here may take a lock.
        self._signalled = True
        self._begin(STOP_SECONDS)

    def _begin(self, seconds: float) -> None:
        if self._until is None:
            self._until = time.monotonic() + seconds
            signal.setitimer(signal.ITIMER_REAL, seconds)

    def _watch(self) -> None:
        while not self._signalled:
            time.sleep(_LOOK_SECONDS)
        self.asked.set()

    def _time_is_up(self, number: int, frame: FrameType | None) -> None:
        os.write(2, b"not stopped in time; ending with what still runs\n")
        self.now()
