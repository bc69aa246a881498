"""A message broker in this process's memory: exchanges, bindings, queues, consumers, as AMQP 0-9-1
has them.

Messages are pushed into the inbox of the connection whose consumer is due, and that connection
alone is woken: nothing polls, an idle broker uses no processor time. All state is behind one lock,
and nothing is waited for while it is held, so real threads and greenlets may use it alike. What is
undelivered when the process ends is gone.
"""

from __future__ import annotations

import re
import threading
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

_MAX_CACHED_ROUTES = 10_000


class BrokerGone(Exception):
    """The broker was dropped or the connection closed."""


class NoSuchThing(Exception):
    """An exchange or queue that was never declared."""


class Mismatch(Exception):
    """Declared again with other arguments."""


class Locked(Exception):
    """An exclusive queue of another connection."""


@dataclass(eq=False, slots=True)
class Letter:
    """A message on its way; ``payload`` is the transport's, shared by all queues it went to."""

    payload: Any
    exchange: str
    routing_key: str
    redelivered: bool = False


@dataclass(eq=False, slots=True)
class Queue:
    name: str
    owner: Inbox | None
    auto_delete: bool
    max_length: int | None
    expires: float | None
    letters: deque[Letter] = field(default_factory=deque)
    consumers: deque[Consumer] = field(default_factory=deque)
    idle_since: float = field(default_factory=time.monotonic)


@dataclass(eq=False, slots=True)
class Consumer:
    """Takes from a queue, with at most ``prefetch`` letters unsettled at once (0: no limit)."""

    queue: Queue
    inbox: Inbox
    prefetch: int
    settles: bool
    target: Any
    unsettled: int = 0

    def ready(self) -> bool:
        return not self.settles or not self.prefetch or self.unsettled < self.prefetch


class Inbox:
    """What one connection has been sent and has not looked at yet."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._arrived = threading.Condition(broker.lock)
        self._letters: deque[tuple[Consumer, Letter]] = deque()
        self.closed = False
        broker.inboxes.add(self)

    def put(self, consumer: Consumer, letter: Letter) -> None:
        self._letters.append((consumer, letter))
        self._arrived.notify()

    def take(self, timeout: float | None) -> tuple[Consumer, Letter] | None:
        """The next letter, or None after ``timeout`` seconds (None: wait for ever)."""
        with self._arrived:
            self._arrived.wait_for(lambda: self._letters or self.closed, timeout)
            if self.closed:
                raise BrokerGone
            return self._letters.popleft() if self._letters else None

    def withdraw(self, consumer: Consumer) -> list[Letter]:
        """Take back what the consumer was sent and has not looked at."""
        taken = [letter for to, letter in self._letters if to is consumer]
        self._letters = deque(entry for entry in self._letters if entry[0] is not consumer)
        return taken

    def close(self) -> None:
        self.closed = True
        self._letters.clear()
        self._arrived.notify_all()


class Broker:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.inboxes: set[Inbox] = set()
        self._exchanges: dict[str, tuple[str, bool, bool]] = {}
        self._bindings: dict[str, dict[tuple[str, str], None]] = {}
        self._queues: dict[str, Queue] = {}
        self._routes: dict[tuple[str, str], list[Queue]] = {}

    def connect(self) -> Inbox:
        with self.lock:
            return Inbox(self)

    def disconnect(self, inbox: Inbox) -> None:
        """Close the inbox; its consumers must have been cancelled before."""
        with self.lock:
            inbox.close()
            self.inboxes.discard(inbox)
            for queue in [queue for queue in self._queues.values() if queue.owner is inbox]:
                self._remove(queue)

    def shut_down(self) -> None:
        with self.lock:
            for inbox in self.inboxes:
                inbox.close()
            self.inboxes.clear()
            self._queues.clear()
            self._routes.clear()

    def declare_exchange(self, name: str, kind: str, durable: bool, auto_delete: bool) -> None:
        with self.lock:
            wanted = (kind, durable, auto_delete)
            if self._exchanges.setdefault(name, wanted) != wanted:
                raise Mismatch(f"exchange {name!r} is there with other arguments")

    def has_exchange(self, name: str) -> bool:
        return not name or name in self._exchanges

    def delete_exchange(self, name: str) -> None:
        with self.lock:
            self._exchanges.pop(name, None)
            self._bindings.pop(name, None)
            self._routes.clear()

    def declare_queue(
        self,
        name: str,
        *,
        owner: Inbox | None = None,
        auto_delete: bool = False,
        max_length: int | None = None,
        expires: float | None = None,
    ) -> Queue:
        """Make the queue, or find it. ``owner``: the one connection that may use it, and that it
        dies with. ``expires``: seconds without a consumer after which it may go.
        """
        with self.lock:
            self._sweep()
            queue = self._queues.get(name)
            if queue is None:
                queue = Queue(name, owner, auto_delete, max_length, expires)
                self._queues[name] = queue
                self._routes.clear()
            elif queue.owner is not owner:
                raise Locked(f"queue {name!r} belongs to another connection")
            return queue

    def queue(self, name: str, user: Inbox | None = None) -> Queue:
        queue = self._queues.get(name)
        if queue is None:
            raise NoSuchThing(f"no queue {name!r}")
        if queue.owner is not None and queue.owner is not user:
            raise Locked(f"queue {name!r} belongs to another connection")
        return queue

    def delete_queue(self, name: str) -> None:
        with self.lock:
            queue = self._queues.get(name)
            if queue is not None:
                self._remove(queue)

    def purge(self, queue: Queue) -> int:
        with self.lock:
            count = len(queue.letters)
            queue.letters.clear()
            return count

    def bind(self, queue: Queue, exchange: str, key: str) -> None:
        with self.lock:
            if exchange not in self._exchanges:
                raise NoSuchThing(f"no exchange {exchange!r}")
            self._bindings.setdefault(exchange, {})[queue.name, key] = None
            self._routes.clear()

    def unbind(self, queue: Queue, exchange: str, key: str) -> None:
        with self.lock:
            self._bindings.get(exchange, {}).pop((queue.name, key), None)
            self._routes.clear()

    def publish(self, exchange: str, key: str, payload: Any) -> bool:
        """Put the message into every queue its key leads to; False when there is none."""
        with self.lock:
            if not self.has_exchange(exchange):
                raise NoSuchThing(f"no exchange {exchange!r}")
            queues = self._route(exchange, key)
            for queue in queues:
                queue.letters.append(Letter(payload, exchange, key))
                self._deliver(queue)
                if queue.max_length is not None and len(queue.letters) > queue.max_length:
                    queue.letters.popleft()
            return bool(queues)

    def take(self, queue: Queue) -> Letter | None:
        with self.lock:
            return queue.letters.popleft() if queue.letters else None

    def consume(self, consumer: Consumer) -> None:
        with self.lock:
            consumer.queue.consumers.append(consumer)
            self._deliver(consumer.queue)

    def cancel(self, consumer: Consumer) -> None:
        with self.lock:
            queue = consumer.queue
            self._put_back(queue, consumer.inbox.withdraw(consumer))
            if consumer in queue.consumers:
                queue.consumers.remove(consumer)
                queue.idle_since = time.monotonic()
                if queue.auto_delete and not queue.consumers:
                    self._remove(queue)
                    return
            self._deliver(queue)

    def settle(self, consumer: Consumer) -> None:
        """One letter of the consumer was acknowledged, rejected or put back: it may get another."""
        with self.lock:
            consumer.unsettled -= 1
            self._deliver(consumer.queue)

    def put_back(self, queue: Queue, letters: Iterable[Letter]) -> None:
        """Back to the head of the queue, in this order."""
        with self.lock:
            self._put_back(queue, list(letters))
            self._deliver(queue)

    def _put_back(self, queue: Queue, letters: list[Letter]) -> None:
        for letter in reversed(letters):
            letter.redelivered = True
            queue.letters.appendleft(letter)

    def _deliver(self, queue: Queue) -> None:
        while queue.letters:
            for _ in range(len(queue.consumers)):
                consumer = queue.consumers[0]
                queue.consumers.rotate(-1)
                if consumer.ready():
                    break
            else:
                return
            consumer.unsettled += consumer.settles
            consumer.inbox.put(consumer, queue.letters.popleft())

    def _route(self, exchange: str, key: str) -> list[Queue]:
        found = self._routes.get((exchange, key))
        if found is None:
            if not exchange:
                names = {key}
            else:
                kind = self._exchanges[exchange][0]
                names = {
                    queue
                    for queue, pattern in self._bindings.get(exchange, {})
                    if _matches(kind, pattern, key)
                }
            found = [self._queues[name] for name in sorted(names) if name in self._queues]
            if len(self._routes) >= _MAX_CACHED_ROUTES:
                self._routes.clear()
            self._routes[exchange, key] = found
        return found

    def _remove(self, queue: Queue) -> None:
        self._queues.pop(queue.name, None)
        queue.letters.clear()
        queue.consumers.clear()
        for bindings in self._bindings.values():
            for entry in [entry for entry in bindings if entry[0] == queue.name]:
                del bindings[entry]
        self._routes.clear()

    def _sweep(self) -> None:
        now = time.monotonic()
        for queue in list(self._queues.values()):
            if queue.expires and not queue.consumers and now - queue.idle_since > queue.expires:
                self._remove(queue)


def _matches(kind: str, pattern: str, key: str) -> bool:
    if kind == "fanout":
        return True
    if kind == "direct":
        return pattern == key
    # a dot before every word makes "#" (none or more words) regular
    return _topic(pattern).fullmatch("." + key) is not None


@lru_cache(maxsize=1024)
def _topic(pattern: str) -> re.Pattern[str]:
    words = {"*": r"\.[^.]*", "#": r"(?:\.[^.]*)*"}
    parts = (words.get(word, r"\." + re.escape(word)) for word in pattern.split("."))
    return re.compile("".join(parts), re.DOTALL)
