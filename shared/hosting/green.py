"""Make this process green. Must run before anything imports psycopg, kombu or eventsourcing."""

from __future__ import annotations

import os
import sys
import warnings
from typing import Any

MUST_COME_LATER = ("psycopg", "kombu", "eventsourcing")


def patch() -> None:
    """Monkey-patch with eventlet, and have psycopg wait in a way that lets others run.

    Done again it changes nothing. psycopg's default wait blocks the whole process under eventlet;
    ``wait_poll`` and ``wait_epoll`` crash.
    """
    patcher = sys.modules.get("eventlet.patcher")
    if patcher is not None and patcher.is_monkey_patched("thread"):
        return
    early = [name for name in MUST_COME_LATER if name in sys.modules]
    if early:
        raise RuntimeError(f"imported before the process was made green: {', '.join(early)}")
    os.environ["PSYCOPG_WAIT_FUNC"] = "wait_select"
    # Every process would greet with eventlet's advice to leave it; the way off is docs/decisions.
    warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
    import eventlet

    eventlet.monkey_patch()
    if sys.version_info >= (3, 13):
        _let_joining_time_out()
    import psycopg.waiting

    if psycopg.waiting.wait is not psycopg.waiting.wait_select:
        raise RuntimeError("psycopg does not wait by select; it would block every green thread")


def _let_joining_time_out() -> None:
    """From Python 3.13 on eventlet's ``Thread.join`` raises where its time is over; Python's own
    returns.
    """
    from eventlet.green import thread
    from eventlet.timeout import with_timeout

    def join(handle: Any, timeout: float | None = None) -> None:
        wait = getattr(handle._greenthread, "wait", None)
        if wait is None:
            return
        if timeout is None:
            wait()
        else:
            with_timeout(timeout, wait, timeout_value=None)

    thread._ThreadHandle.join = join
