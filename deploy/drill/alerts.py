"""Alerts, come and gone."""

from __future__ import annotations

import json
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from cli import console
from cli.top import sources
from cli.top.figures import figures
from cli.top.screen import page

_SECONDS = 300


@dataclass(frozen=True)
class Expected:
    """An alert that a fault must bring, by labels that others of its name do not have."""

    alert: str
    fault: str
    where: Mapping[str, str] = field(default_factory=dict)

    def is_among(self, firing: Sequence[Mapping[str, str]]) -> bool:
        words = {"alertname": self.alert, **self.where}
        return any(words.items() <= labels.items() for labels in firing)


@dataclass
class Seen:
    """Seconds from the fault, and from its mending."""

    of: Expected
    fired: float
    cleared: float = 0.0


class Watched:
    """What a Prometheus watches; ``seen`` came and went, ``missed`` says what did not."""

    def __init__(self) -> None:
        self.seen: list[Seen] = []
        self.missed: list[str] = []

    @property
    def prometheus_url(self) -> str:
        raise NotImplementedError

    def query(self, expression: str) -> list[Any]:
        """What Prometheus answers to an instant query."""
        words = urllib.parse.urlencode({"query": expression})
        url = f"{self.prometheus_url}/api/v1/query?{words}"
        with urllib.request.urlopen(url, timeout=10) as answer:
            found: list[Any] = json.load(answer)["data"]["result"]
        return found

    def firing(self) -> list[dict[str, str]]:
        """The labels of each alert that fires; its name is among them."""
        with urllib.request.urlopen(f"{self.prometheus_url}/api/v1/alerts", timeout=10) as answer:
            found = json.load(answer)["data"]["alerts"]
        return [one["labels"] for one in found if one["state"] == "firing"]

    def see(
        self,
        expected: Sequence[Expected],
        mend: Callable[[], None],
        meanwhile: Callable[[], None] = lambda: None,
    ) -> None:
        """Wait until each alert has come, mend, and wait until they have gone.

        ``meanwhile`` is done every few seconds until they have come: the broker remembers what a
        channel may do for up to a minute, so that only a later event meets what was changed. What
        did not come or go in time is kept in ``missed``.
        """
        begun = time.monotonic()
        here, missing = list[Seen](), list(expected)
        while missing and time.monotonic() - begun < _SECONDS:
            firing = self.firing()
            for of in [of for of in missing if of.is_among(firing)]:
                missing.remove(of)
                here.append(Seen(of, time.monotonic() - begun))
                print(f"drill: {of.alert} after {here[-1].fired:.0f} s", flush=True)
            meanwhile()
            time.sleep(2)
        self.missed += [f"{of.alert} did not come" for of in missing]
        self._tell_what_top_says()
        mend()
        mended = time.monotonic()
        while any(not one.cleared for one in here) and time.monotonic() - mended < _SECONDS:
            firing = self.firing()
            for one in here:
                if not one.cleared and not one.of.is_among(firing):
                    one.cleared = time.monotonic() - mended
                    print(f"drill: {one.of.alert} gone {one.cleared:.0f} s after", flush=True)
            time.sleep(1)
        self.missed += [f"{one.of.alert} did not go" for one in here if not one.cleared]
        self.seen += [one for one in here if one.cleared]

    def _tell_what_top_says(self) -> None:
        """What an operator reads then in `wuye top`."""
        source = sources.found(Path(), self.prometheus_url)
        before, then = source.read(), time.monotonic()
        time.sleep(16)
        found = figures(before, source.read(), time.monotonic() - then)
        console.output().print(page(found, source.way, datetime.now().strftime("%H:%M:%S")))
