"""A load that remembers what was acknowledged, and sends a command again by its id until it is."""

from __future__ import annotations

import random
import threading
from uuid import uuid4

from shared.errors import Busy, Conflict, TimedOut, Unavailable
from tests.support.stack import Stack, wait_until

JARS = 8


class Load:
    """``clients`` threads add coins to a few jars, so that they also race for the same streams."""

    def __init__(self, stack: Stack, clients: int = 8) -> None:
        self._stack = stack
        self.jars = [f"c1.{uuid4()}" for _ in range(JARS)]
        self.acknowledged: dict[str, str] = {}
        self.retries = 0
        self.faults: list[BaseException] = []
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._threads = [
            threading.Thread(target=self._run, args=(number,)) for number in range(clients)
        ]

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(60)
        if self.faults:
            raise self.faults[0]

    def more(self, count: int, seconds: float = 60.0) -> None:
        """Wait until ``count`` more commands were acknowledged than now."""
        wanted = len(self.acknowledged) + count
        wait_until(f"{count} more commands", lambda: len(self.acknowledged) >= wanted, seconds)

    def _run(self, seed: int) -> None:
        chance = random.Random(seed)
        try:
            while not self._stop.is_set():
                self._one(chance.choice(self.jars), str(uuid4()))
        except BaseException as error:
            self.faults.append(error)

    def _one(self, jar: str, command_id: str) -> None:
        while True:
            try:
                self._stack.call(
                    "toys", "add", {"id": jar, "amount": 1, "command_id": command_id}, seconds=5.0
                )
            except (Unavailable, TimedOut, Busy, Conflict):
                with self._lock:
                    self.retries += 1
                if self._stop.wait(0.1):
                    return
                continue
            with self._lock:
                self.acknowledged[command_id] = jar
            return
