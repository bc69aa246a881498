"""What Prometheus may ask a process, named by its conventions: base units, ``_total`` on counters.

Label values are names from the code (services, methods, handlers, error codes), never ids; where a
label gets too many all the same, later ones are counted as ``other``.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from importlib import metadata
from platform import python_version
from typing import NamedTuple

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    ProcessCollector,
    generate_latest,
)

OTHER = "other"
_MOST_VALUES = 200
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_EVENTS = (1, 2, 5, 10, 20, 50, 100, 200, 500)


class _Bounded:
    """The first so many values of a label pass, later new ones are ``other``."""

    def __init__(self) -> None:
        self._seen: set[str] = set()
        self._lock = threading.Lock()

    def __call__(self, value: str) -> str:
        with self._lock:
            if value not in self._seen:
                if len(self._seen) >= _MOST_VALUES:
                    return OTHER
                self._seen.add(value)
            return value


class Measure(NamedTuple):
    """A gauge of the business, as it is now: ``values`` by the values of ``labels``."""

    name: str
    says: str
    labels: tuple[str, ...]
    values: Mapping[tuple[str, ...], float]


class Metrics:
    """The metrics of one process, in a registry of its own. Safe between threads."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._service, self._method, self._code = _Bounded(), _Bounded(), _Bounded()
        self._handler = _Bounded()
        self._parked_handlers: dict[str, set[str]] = {}
        self._measures: dict[str, tuple[Gauge, _Bounded, set[tuple[str, ...]]]] = {}
        ProcessCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        self._make_rpc()
        self._make_log()
        self._make_following()
        self._hub_lag = Histogram(
            "wuye_hub_lag_seconds",
            "How late green threads got their turn.",
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._gauge("wuye_build_info", "Always 1.", "version", "python").labels(
            _version(), python_version()
        ).set(1)

    def _make_rpc(self) -> None:
        self._requests = self._counter(
            "wuye_rpc_requests_total",
            "RPC requests answered; code ok, that of a typed error, or fault.",
            "service",
            "method",
            "code",
        )
        self._request_seconds = self._histogram(
            "wuye_rpc_request_duration_seconds",
            "Time from request to answer.",
            _SECONDS,
            "service",
            "method",
        )

    def _make_log(self) -> None:
        self._batch = self._histogram(
            "wuye_append_batch_size", "Saves that shared one transaction.", _EVENTS, "service"
        )
        self._conflicts = self._counter(
            "wuye_append_conflicts_total", "Saves that lost to another writer.", "service"
        )
        self._append_seconds = self._histogram(
            "wuye_append_duration_seconds", "Time a transaction of saves took.", _SECONDS, "service"
        )
        self._queue = self._gauge(
            "wuye_append_queue_length", "Saves that wait for the next transaction.", "service"
        )
        self._connections = self._gauge(
            "wuye_store_connections", "Connections to the database.", "service", "state"
        )
        self._waiting = self._gauge(
            "wuye_store_waiting_requests", "Who waits for a connection to the database.", "service"
        )
        self._relay_lag = self._gauge(
            "wuye_relay_lag_events", "Positions the relay is behind its log's head.", "service"
        )
        self._relay_age = self._gauge(
            "wuye_relay_lag_seconds", "Age of the oldest event not told yet.", "service"
        )

    def _make_following(self) -> None:
        names = ("service", "handler")
        self._follower_lag = self._gauge(
            "wuye_follower_lag_events", "Positions a handler is behind the log it follows.", *names
        )
        self._follower_age = self._gauge(
            "wuye_follower_lag_seconds", "How long a handler has been behind.", *names
        )
        self._stopped = self._gauge(
            "wuye_follower_stopped", "1: stopped (failed or diverged); somebody must look.", *names
        )
        self._parked = self._gauge("wuye_follower_parked_events", "Events set aside.", *names)
        self._retries = self._counter(
            "wuye_follower_retries_total", "Times a handler held, to try again.", *names
        )
        self._refusals = self._counter(
            "wuye_policy_refusals_total", "Commands of policies that were refused.", *names
        )

    def answered(self, service: str, method: str, code: str, seconds: float) -> None:
        """One RPC request; ``code``: ``ok``, an error's code, or ``fault`` for one not typed."""
        service, method = self._service(service), self._method(method)
        self._requests.labels(service, method, self._code(code)).inc()
        self._request_seconds.labels(service, method).observe(seconds)

    def appended(self, service: str, size: int, lost: int, seconds: float | None = None) -> None:
        """One transaction of ``size`` saves, of which ``lost`` came second."""
        service = self._service(service)
        self._batch.labels(service).observe(size)
        self._conflicts.labels(service).inc(lost)
        if seconds is not None:
            self._append_seconds.labels(service).observe(seconds)

    def watch_queue(self, service: str, length: Callable[[], float]) -> None:
        """``length`` is asked at each scrape: it must be quick and never fail."""
        self._queue.labels(self._service(service)).set_function(length)

    def watch_pool(self, service: str, use: Callable[[], Mapping[str, float]]) -> None:
        """``use`` is asked at each scrape for ``idle``, ``used`` and ``waiting``."""
        service = self._service(service)
        self._connections.labels(service, "idle").set_function(lambda: use()["idle"])
        self._connections.labels(service, "used").set_function(lambda: use()["used"])
        self._waiting.labels(service).set_function(lambda: use()["waiting"])

    def measured(self, measure: Measure) -> None:
        """All of a gauge anew: what is left out of it is 0 from now on."""
        if measure.name not in self._measures:
            gauge = self._gauge(measure.name, measure.says, *measure.labels)
            self._measures[measure.name] = gauge, _Bounded(), set()
        gauge, bounded, known = self._measures[measure.name]
        now: dict[tuple[str, ...], float] = dict.fromkeys(known, 0)
        for values, number in measure.values.items():
            labels = tuple(map(bounded, values))
            now[labels] = now.get(labels, 0) + number
        known.update(now)
        for labels, number in now.items():
            gauge.labels(*labels).set(number)

    def relayed(self, service: str, lag: int, seconds: float) -> None:
        service = self._service(service)
        self._relay_lag.labels(service).set(lag)
        self._relay_age.labels(service).set(seconds)

    def followed(
        self, service: str, handler: str, lag: int, stopped: bool, seconds: float = 0.0
    ) -> None:
        """Where one handler stands: positions behind, and for how long."""
        names = self._service(service), self._handler(handler)
        self._follower_lag.labels(*names).set(lag)
        self._follower_age.labels(*names).set(seconds)
        self._stopped.labels(*names).set(stopped)

    def parked(self, service: str, events: Mapping[str, int]) -> None:
        """All parked events of a service now, by handler; handlers left out have none any more."""
        service = self._service(service)
        known = self._parked_handlers.setdefault(service, set())
        known.update(map(self._handler, events))
        counts = dict.fromkeys(known, 0)
        for handler, count in events.items():
            counts[self._handler(handler)] += count
        for handler, count in counts.items():
            self._parked.labels(service, handler).set(count)

    def retried(self, service: str, handler: str) -> None:
        self._retries.labels(self._service(service), self._handler(handler)).inc()

    def policy_refused(self, service: str, policy: str) -> None:
        self._refusals.labels(self._service(service), self._handler(policy)).inc()

    def hub_lag(self, seconds: float) -> None:
        self._hub_lag.observe(seconds)

    def render(self) -> bytes:
        """The text format, of content type ``prometheus_client.CONTENT_TYPE_LATEST``."""
        return generate_latest(self.registry)

    def _counter(self, name: str, says: str, *labels: str) -> Counter:
        return Counter(name, says, labels, registry=self.registry)

    def _gauge(self, name: str, says: str, *labels: str) -> Gauge:
        return Gauge(name, says, labels, registry=self.registry)

    def _histogram(
        self, name: str, says: str, buckets: tuple[float, ...], *labels: str
    ) -> Histogram:
        return Histogram(name, says, labels, buckets=buckets, registry=self.registry)


def _version() -> str:
    try:
        return metadata.version("wuye")
    except metadata.PackageNotFoundError:
        return "unknown"
