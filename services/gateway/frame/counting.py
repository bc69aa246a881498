"""What Prometheus may ask about the pages: how many, with which outcome, how long they took."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Counting:
    """``route`` is the rule an address fell under, so there are only as many as rules."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._requests = Counter(
            "wuye_http_requests_total",
            "HTTP requests answered.",
            ("route", "method", "status"),
            registry=registry,
        )
        self._seconds = Histogram(
            "wuye_http_request_duration_seconds",
            "Time from request to answer.",
            ("route", "method"),
            buckets=_SECONDS,
            registry=registry,
        )

    def answered(self, route: str, method: str, status: int, seconds: float) -> None:
        known = method if method in ("GET", "HEAD", "POST") else "other"
        self._requests.labels(route, known, str(status)).inc()
        self._seconds.labels(route, known).observe(seconds)
