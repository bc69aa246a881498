"""Where the figures come from: the processes' own /metrics, or a Prometheus that scrapes them."""

from __future__ import annotations

import json
import math
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from prometheus_client.parser import text_string_to_metric_families

from cli.operator import EDGE_FILE, STACK_FILE, STACK_FOLDER, holder
from shared.errors import Unavailable

SECONDS = 4.0
_QUEUES = "/metrics/detailed?family=queue_coarse_metrics"
_WANTED = (
    '{__name__=~"wuye_.+|up|pg_up|cnpg_collector_up|process_.+'
    '|rabbitmq_detailed_queue_messages_ready"}'
)
Labels = tuple[tuple[str, str], ...]
Series = dict[tuple[str, Labels], float]
BROKER, DATABASE = "rabbitmq", "postgres"
# An exporter may answer for a server that does not.
_SERVERS_UP = ("pg_up", "cnpg_collector_up")


@dataclass(frozen=True)
class Process:
    """One that was asked; ``fault`` says why it gave no figures."""

    name: str
    series: Series = field(default_factory=dict)
    fault: str | None = None


@dataclass(frozen=True)
class Source:
    """``way``: for people. ``read`` asks all there are."""

    way: str
    read: Callable[[], list[Process]]


def found(data_dir: Path, prometheus: str | None) -> Source:
    """The Prometheus that was named, or whatever serves from the data folder.

    Raises ``Unavailable`` where nothing does.
    """
    if prometheus is not None:
        return Source(f"Prometheus at {prometheus}", lambda: _federated(prometheus))
    stack = data_dir / STACK_FOLDER
    if holder(stack) is not None and (stack / STACK_FILE).exists():
        told = json.loads((stack / STACK_FILE).read_text())
        ways = {name: _url(port) for name, port in told["health"].items()}
        if told.get("broker_metrics"):
            ways[BROKER] = _url(told["broker_metrics"], _QUEUES)
        if told.get("postgres_metrics"):
            ways[DATABASE] = _url(told["postgres_metrics"])
        return Source(f"the stack in {stack}", lambda: _asked(ways))
    if holder(data_dir) is not None and (data_dir / EDGE_FILE).exists():
        url = json.loads((data_dir / EDGE_FILE).read_text())["url"]
        return Source(f"the platform at {url}", lambda: _asked({"platform": f"{url}/metrics"}))
    raise Unavailable(
        f"nothing serves from {data_dir}: start `make run` or `make stack`, set WUYE_DATA_DIR, "
        "or name the Prometheus that watches the platform (--prometheus URL)"
    )


def _url(port: int, path: str = "/metrics") -> str:
    return f"http://127.0.0.1:{port}{path}"


def _asked(ways: Mapping[str, str]) -> list[Process]:
    with ThreadPoolExecutor(len(ways)) as pool:
        return list(pool.map(lambda one: _one(*one), ways.items()))


def _one(name: str, url: str) -> Process:
    try:
        return _with_its_server(name, parsed(_text(url)))
    except (OSError, ValueError) as error:
        return Process(name, fault=_why(error))


def _with_its_server(name: str, series: Series) -> Process:
    away = any(metric in _SERVERS_UP and not value for (metric, _), value in series.items())
    return Process(name, {}, "the server is away") if away else Process(name, series)


def _federated(prometheus: str) -> list[Process]:
    """As Prometheus last scraped them: it names each by ``job`` and ``process``."""
    query = urllib.parse.urlencode({"match[]": _WANTED})
    try:
        series = parsed(_text(f"{prometheus.rstrip('/')}/federate?{query}"))
    except (OSError, ValueError) as error:
        raise Unavailable(f"Prometheus at {prometheus} does not answer: {_why(error)}") from None
    return by_process(series)


def by_process(series: Series) -> list[Process]:
    """Each target's series apart; several of one name are told apart by their address."""
    targets: dict[tuple[str, str], Series] = {}
    for (metric, labels), value in series.items():
        words = dict(labels)
        name = _process_name(words)
        if name is not None:
            target = targets.setdefault((name, words.get("instance", "")), {})
            target[metric, labels] = value
    names = [name for name, _ in targets]
    return [
        _of_target(name if names.count(name) == 1 else f"{name} {instance}", target)
        for (name, instance), target in sorted(targets.items())
    ]


def _process_name(words: Mapping[str, str]) -> str | None:
    job, process = words.get("job"), words.get("process")
    if job in (BROKER, DATABASE):
        return job
    return (
        None if job is None or process is None else job if process == "edge" else f"{job}-{process}"
    )


def _of_target(name: str, target: Series) -> Process:
    ups = [value for (metric, _), value in target.items() if metric == "up"]
    if ups and not all(ups):
        return Process(name, fault="Prometheus cannot read it")
    return _with_its_server(name, target)


def parsed(text: str) -> Series:
    """The samples of the text format. Raises ``ValueError`` where it is none."""
    return {
        (one.name, tuple(sorted(one.labels.items()))): one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
        if not math.isnan(one.value)
    }


def matching(
    processes: Iterable[Process], metric: str
) -> Iterable[tuple[Mapping[str, str], float]]:
    """Labels and value of every series of this name."""
    for process in processes:
        for (name, labels), value in process.series.items():
            if name == metric:
                yield dict(labels), value


def _text(url: str) -> str:
    with urllib.request.urlopen(url, timeout=SECONDS) as answer:
        body: bytes = answer.read()
    return body.decode()


def _why(error: Exception) -> str:
    cause: Any = error.reason if isinstance(error, urllib.error.URLError) else error
    return (getattr(cause, "strerror", None) or str(cause) or type(cause).__name__).lower()
