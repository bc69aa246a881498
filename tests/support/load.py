"""A load that remembers what was acknowledged, and sends a command again by its id until it is."""

from __future__ import annotations

import random
import threading
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any, Self
from uuid import uuid4

from shared.errors import Busy, Conflict, TimedOut, Unavailable
from tests.support.estate import Person
from tests.support.stack import Stack
from tests.support.waiting import wait_until

JARS = 8
AS_IF_LOST = 0.25
# whether it was done is not known: the last two, where the embedded platform's door is away
AGAIN = (Unavailable, TimedOut, Busy, Conflict, OSError, HTTPException)


class Insistent:
    """``clients`` threads that each send a new command as soon as the last was acknowledged.

    ``acknowledged``: command id to the stream it went to. Use it as a context manager.
    """

    def __init__(self, clients: int) -> None:
        self.acknowledged: dict[str, str] = {}
        self.retries = 0
        self.faults: list[BaseException] = []
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._threads = [
            threading.Thread(target=self._run, args=(number,)) for number in range(clients)
        ]

    def send(self, chance: random.Random, command_id: str) -> str:
        """Send one command; the stream it went to."""
        raise NotImplementedError

    def __enter__(self) -> Self:
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

        def done() -> bool:
            if self.faults:
                raise self.faults[0]
            return len(self.acknowledged) >= wanted

        wait_until(f"{count} more commands", done, seconds)

    def _run(self, seed: int) -> None:
        chance = random.Random(seed)
        try:
            while not self._stop.is_set():
                self._one(chance.getrandbits(64), str(uuid4()))
        except BaseException as error:
            self.faults.append(error)

    def _one(self, choice: int, command_id: str) -> None:
        while True:
            try:
                # the same choice each time, for the same id means the same command
                stream = self.send(random.Random(choice), command_id)
            except AGAIN:
                with self._lock:
                    self.retries += 1
                if self._stop.wait(0.1):
                    return
                continue
            with self._lock:
                self.acknowledged[command_id] = stream
            return


class Load(Insistent):
    """Coins into a few jars, so that the clients also race for the same streams."""

    def __init__(self, stack: Stack, clients: int = 8) -> None:
        super().__init__(clients)
        self._stack = stack
        self.jars = [f"c1.{uuid4()}" for _ in range(JARS)]

    def send(self, chance: random.Random, command_id: str) -> str:
        jar = chance.choice(self.jars)
        request = {"id": jar, "amount": 1, "command_id": command_id}
        self._stack.call("toys", "add", request, seconds=20.0)
        return jar


class OrderLoad(Insistent):
    """Orders of one resident, each a stream of its own; some as if their answers had been lost."""

    def __init__(self, resident: Person, submission: Mapping[str, Any], clients: int = 6) -> None:
        super().__init__(clients)
        self._resident = resident
        self._submission = dict(submission)

    def send(self, chance: random.Random, command_id: str) -> str:
        answer = self._resident.order("submit", **self._submission, command_id=command_id)
        if chance.random() < AS_IF_LOST:
            again = self._resident.order("submit", **self._submission, command_id=command_id)
            assert again == answer, "sent again, it answers as the first time"
        return str(answer["id"])
