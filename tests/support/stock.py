"""A stock nameko service run by nameko's own command: ``nameko run``, nothing of ours in it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

import pika

from tests.support.waiting import wait_until

HERE = Path(__file__).parent
EVENT = ("workorders", "WorkOrderRated")


class StockListener:
    """`stock_listener.py` under a name of its own. Use it as a context manager."""

    def __init__(self, broker_url: str, name: str) -> None:
        self._url = broker_url
        self._name = name
        self._events: list[dict[str, Any]] = []

    def __enter__(self) -> StockListener:
        program = "from nameko.cli.main import main; main()"
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-W", "ignore", "-c", program),
                *("run", "stock_listener", "--broker", self._url),
            ],
            cwd=HERE,
            env={**os.environ, "LISTENER": self._name, "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        threading.Thread(target=self._read, daemon=True).start()
        self._wait_for_its_queue()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def heard(self, subject: str) -> list[dict[str, Any]]:
        """What its handler was given about one stream."""
        return [event for event in list(self._events) if event["subject"] == subject]

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith("{"):
                self._events.append(json.loads(line))

    def _wait_for_its_queue(self) -> None:
        queue = "evt-{}-{}--{}.rated".format(*EVENT, self._name)
        with pika.BlockingConnection(pika.URLParameters(self._url)) as connection:

            def listens() -> bool:
                with suppress(pika.exceptions.ChannelClosedByBroker):
                    found = connection.channel().queue_declare(queue, passive=True)
                    return bool(found.method.consumer_count)
                return False

            wait_until(f"{self._name} listens", listens, 30)
