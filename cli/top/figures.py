"""What two readings say: rates between them, and how things stand at the second."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from cli.top.sources import BROKER, DATABASE, Labels, Process, matching
from cli.top.wrong import FOLLOWER_SECONDS, wrong

Sample = tuple[str, Labels, float]
FAULTS = frozenset({"fault", "unavailable", "timed_out", "busy"})


@dataclass(frozen=True)
class ProcessRow:
    """``late_seconds``: how late half of the green threads got their turn."""

    name: str
    fault: str | None
    cores: float | None = None
    megabytes: float | None = None
    late_seconds: float | None = None

    @property
    def server(self) -> bool:
        """The broker or the databases: of these is known whether they answer, and no more."""
        return self.name.startswith((BROKER, DATABASE))


@dataclass(frozen=True)
class ServiceRow:
    """``errors``: of ours, a second. ``leads``: whether any process relays its log.

    ``waiting_requests``: for a connection to the database, in both readings.
    """

    name: str
    calls: float
    errors: float
    p95_seconds: float | None
    appends: float
    conflicts: float
    waiting_saves: float
    waiting_requests: float
    relay_seconds: float | None
    relay_events: float | None

    @property
    def leads(self) -> bool:
        return self.relay_events is not None


@dataclass(frozen=True)
class HandlerRow:
    service: str
    name: str
    events: float
    seconds: float
    parked: float
    stopped: bool

    @property
    def at_end(self) -> bool:
        return not (self.events or self.parked or self.stopped or self.late)

    @property
    def late(self) -> bool:
        """With no event known of, too: then it cannot ask."""
        return self.seconds > FOLLOWER_SECONDS


@dataclass(frozen=True)
class Figures:
    seconds: float
    processes: list[ProcessRow]
    services: list[ServiceRow]
    handlers: list[HandlerRow]
    queues: dict[str, float]
    pages: dict[str, float | None]
    orders: dict[str, float]
    open_by_state: dict[str, float]
    wrong: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def figures(before: Sequence[Process], now: Sequence[Process], seconds: float) -> Figures:
    """``seconds``: between both. ``wrong`` says in a line each what somebody should look at."""
    by_process = _grown(before, now)
    grown = [sample for samples in by_process.values() for sample in samples]
    processes = [_process(one, by_process.get(one.name, []), seconds) for one in now]
    services = [*_services(before, now, grown, seconds)]
    handlers = [*_handlers(now)]
    queues = {
        words["queue"]: value
        for words, value in matching(now, "rabbitmq_detailed_queue_messages_ready")
        if words.get("queue", "").startswith("rpc-")
    }
    found = Figures(
        seconds,
        processes,
        services,
        handlers,
        dict(sorted(queues.items())),
        _pages(grown, seconds),
        _orders(now),
        _summed(matching(now, "wuye_orders_open"), "state"),
    )
    found.wrong.extend(wrong(found))
    return found


def _grown(before: Sequence[Process], now: Sequence[Process]) -> dict[str, list[Sample]]:
    """How much each series of each process grew; one that started anew counts from nothing."""
    earlier = {one.name: one.series for one in before if one.series}
    return {
        one.name: [
            (name, labels, value if value < then else value - then)
            for (name, labels), value in one.series.items()
            for then in [earlier[one.name].get((name, labels), 0.0)]
        ]
        for one in now
        if one.name in earlier
    }


def _process(one: Process, grown: Sequence[Sample], seconds: float) -> ProcessRow:
    found = ProcessRow(one.name, one.fault)
    if found.fault is not None or found.server:
        return found
    memory = _sum(matching([one], "process_resident_memory_bytes"))
    cores = _sum(_of(grown, "process_cpu_seconds_total"))
    return ProcessRow(
        one.name,
        None,
        None if cores is None else cores / seconds,
        None if memory is None else memory / 1e6,
        _quantile(0.5, _of(grown, "wuye_hub_lag_seconds_bucket")),
    )


def _services(
    before: Sequence[Process], now: Sequence[Process], grown: Sequence[Sample], seconds: float
) -> Iterable[ServiceRow]:
    names = {words["service"] for words, _ in matching(now, "wuye_append_queue_length")}
    # One of which no process answers is a row all the same.
    names |= {one.name.partition("-")[0] for one in now if "-" in one.name}
    for name in sorted(names):
        mine = [sample for sample in grown if ("service", name) in sample[1]]
        calls = _of(mine, "wuye_rpc_requests_total")
        errors = [one for one in calls if one[0].get("code") in FAULTS]
        yield ServiceRow(
            name,
            _rate(calls, seconds),
            _rate(errors, seconds),
            _quantile(0.95, _of(mine, "wuye_rpc_request_duration_seconds_bucket")),
            _rate(_of(mine, "wuye_append_batch_size_sum"), seconds),
            _rate(_of(mine, "wuye_append_conflicts_total"), seconds),
            _of_service(now, "wuye_append_queue_length", name) or 0.0,
            min(
                _of_service(reading, "wuye_store_waiting_requests", name) or 0.0
                for reading in (before, now)
            ),
            _of_service(now, "wuye_relay_lag_seconds", name),
            _of_service(now, "wuye_relay_lag_events", name),
        )


def _handlers(now: Sequence[Process]) -> Iterable[HandlerRow]:
    by_handler: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    names = {
        "wuye_follower_lag_events": "events",
        "wuye_follower_lag_seconds": "seconds",
        "wuye_follower_parked_events": "parked",
        "wuye_follower_stopped": "stopped",
    }
    for metric, short in names.items():
        for words, value in matching(now, metric):
            handler = by_handler[words["service"], words["handler"]]
            handler[short] = max(value, handler.get(short, 0.0))
    for (service, name), one in sorted(by_handler.items()):
        events, seconds = one.get("events", 0.0), one.get("seconds", 0.0)
        parked, stopped = one.get("parked", 0.0), bool(one.get("stopped"))
        yield HandlerRow(service, name, events, seconds, parked, stopped)


def _pages(grown: Sequence[Sample], seconds: float) -> dict[str, float | None]:
    requests = _of(grown, "wuye_http_requests_total")
    failed = [one for one in requests if one[0].get("status", "").startswith("5")]
    return {
        "requests": _rate(requests, seconds),
        "errors": _rate(failed, seconds),
        "p95_seconds": _quantile(0.95, _of(grown, "wuye_http_request_duration_seconds_bucket")),
    }


def _orders(now: Sequence[Process]) -> dict[str, float]:
    found = {
        "open": _sum(matching(now, "wuye_orders_open")),
        "escalated": _sum(matching(now, "wuye_orders_escalated")),
        "breached": _sum(matching(now, "wuye_orders_breached")),
        "rated in 30 days": _sum(matching(now, "wuye_orders_rated_recently")),
    }
    stars = _sum(matching(now, "wuye_orders_rated_recently_stars"))
    orders = {name: value for name, value in found.items() if value is not None}
    if stars and orders.get("rated in 30 days"):
        orders["stars"] = stars / orders["rated in 30 days"]
    return orders


def _of(samples: Iterable[Sample], metric: str) -> list[tuple[Mapping[str, str], float]]:
    return [(dict(labels), value) for name, labels, value in samples if name == metric]


def _rate(samples: Iterable[tuple[Mapping[str, str], float]], seconds: float) -> float:
    return (_sum(samples) or 0.0) / seconds


def _of_service(now: Sequence[Process], metric: str, service: str) -> float | None:
    values = [value for words, value in matching(now, metric) if words.get("service") == service]
    return max(values) if values else None


def _sum(samples: Iterable[tuple[Mapping[str, str], float]]) -> float | None:
    values = [value for _, value in samples]
    return sum(values) if values else None


def _summed(samples: Iterable[tuple[Mapping[str, str], float]], label: str) -> dict[str, float]:
    found: dict[str, float] = defaultdict(float)
    for words, value in samples:
        found[words[label]] += value
    return dict(found)


def _quantile(share: float, buckets: Iterable[tuple[Mapping[str, str], float]]) -> float | None:
    """As Prometheus has it: by the line through the bucket; None where nothing was counted."""
    counts: dict[float, float] = defaultdict(float)
    for words, value in buckets:
        counts[float(words["le"])] += value
    bounds = sorted(counts)
    if not bounds or not counts[bounds[-1]]:
        return None
    wanted, below, low = share * counts[bounds[-1]], 0.0, 0.0
    for bound in bounds:
        if counts[bound] >= wanted:
            if bound == float("inf"):
                return low
            inside = counts[bound] - below
            return low + (bound - low) * ((wanted - below) / inside if inside else 1.0)
        below, low = counts[bound], bound
    return low
