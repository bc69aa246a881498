"""People with browsers: log in, go through the pages of their role, and say how long each took.

A program for ``benchmarks.programs``: ``enter`` with the edge's port and the users, then ``use``
with how they behave.
"""

from __future__ import annotations

import http.client
import itertools
import random
import re
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from benchmarks.figures import in_milliseconds
from benchmarks.programs import answer

SECONDS = 20.0
_CSRF = re.compile(r'name="csrf" value="([^"]+)"')
_ORDER = re.compile(r'href="(/orders/[a-z-]+/[RC]-\d{4}-\d+)"')
_UNIT = re.compile(r'value="(unit:[^"]+)"')


class Browser:
    """One connection that is kept open, with cookies."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
        self._cookies: dict[str, str] = {}

    def ask(self, verb: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Status, text and where it leads."""
        headers = {"Accept": "text/html", "Accept-Language": "zh-CN"}
        if self._cookies:
            headers["Cookie"] = "; ".join(
                f"{name}={value}" for name, value in self._cookies.items()
            )
        body = None
        if form is not None:
            body = urlencode(form)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(verb, path, body=body, headers=headers)
        got = self._connection.getresponse()
        text = got.read().decode()
        for cookie in got.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        return got.status, text, got.headers.get("Location", "")

    def close(self) -> None:
        self._connection.close()


class Person:
    """What somebody of a role does, over and over: pairs of a page's kind and how it is asked."""

    def __init__(self, login: str, role: str, port: int, tally: Tally) -> None:
        self.login, self.role = login, role
        self._browser = Browser(port)
        self._tally = tally
        self._orders: list[str] = []
        self._turn = random.randrange(100)

    def log_in(self, password: str) -> None:
        text = self._page("log in: the form", "GET", "/login")
        form = {"login": self.login, "password": password, "csrf": _found(_CSRF, text)}
        self._page("log in", "POST", "/login", form)

    def steps(self) -> Iterator[None]:
        """One page a step."""
        while True:
            for kind, path in self._way():
                self._look(kind, path)
                yield
            if self.role == "resident":
                self._report()
                yield

    def close(self) -> None:
        self._browser.close()

    def _way(self) -> Sequence[tuple[str, str]]:
        first = {
            "resident": ("my reports", "/orders"),
            "technician": ("my work", "/work"),
            "dispatcher": ("board", "/board"),
            "manager": ("efficiency", "/figures/efficiency"),
            "auditor": ("search of events", "/audit"),
        }[self.role]
        order = ("one order", self._next_order())
        more = {
            "resident": [order, ("inbox", "/inbox"), ("me", "/me")],
            "technician": [order, ("inbox", "/inbox"), ("my work", "/work")],
            "dispatcher": [("list of orders", "/orders"), order, ("inbox", "/inbox")],
            "manager": [("satisfaction", "/figures/satisfaction"), ("board", "/board"), order],
            "auditor": [("an order through time", f"/audit{order[1]}"), order],
        }[self.role]
        return [first, *(one for one in more if one[1] not in ("", "/audit"))]

    def _next_order(self) -> str:
        if not self._orders:
            text = self._page("list of orders", "GET", "/orders")
            self._orders = _ORDER.findall(text)
        self._turn += 1
        return self._orders[self._turn % len(self._orders)] if self._orders else ""

    def _look(self, kind: str, path: str) -> None:
        self._page(kind, "GET", path)

    def _report(self) -> None:
        text = self._page("report: the form", "GET", "/report")
        form = {
            "csrf": _found(_CSRF, text),
            "command_id": str(uuid4()),
            "kind": "repair",
            "category": "lift",
            "place": _found(_UNIT, text),
            "description": "电梯按钮不亮",
            # many report the same here, and each has looked at what is known
            "looked": "1",
        }
        self._page("report", "POST", "/report", form)

    def _page(self, kind: str, verb: str, path: str, form: dict[str, str] | None = None) -> str:
        began = time.monotonic()
        try:
            status, text, leads = self._browser.ask(verb, path, form)
        except (OSError, http.client.HTTPException) as error:
            self._browser.close()
            self._tally.failed(kind, type(error).__name__)
            return ""
        self._tally.took(kind, time.monotonic() - began)
        good = 303 if form is not None else 200
        if status != good or (leads.startswith("/login") and kind != "log in"):
            self._tally.failed(kind, f"status {status}")
        return text


class Tally:
    """Safe between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.seconds: defaultdict[str, list[float]] = defaultdict(list)
        self.errors: Counter[str] = Counter()

    def took(self, kind: str, seconds: float) -> None:
        with self._lock:
            self.seconds[kind].append(seconds)

    def failed(self, kind: str, why: str) -> None:
        with self._lock:
            self.errors[f"{kind}: {why}"] += 1


_people: list[Person] = []


def enter(port: int, users: Sequence[tuple[str, str]], password: str) -> dict[str, Any]:
    """All of them log in, some at a time."""
    tally = Tally()
    _people[:] = [Person(login, role, port, tally) for login, role in users]
    began = time.monotonic()
    waiting = iter(_people)
    lock = threading.Lock()

    def work() -> None:
        while True:
            with lock:
                person = next(waiting, None)
            if person is None:
                return
            person.log_in(password)

    _together([work] * 8)
    return _result(tally, time.monotonic() - began)


def use(seconds: float, think: Sequence[float]) -> dict[str, Any]:
    """Everybody goes through their pages; ``think``: the least and most seconds between two."""
    tally = Tally()
    began = time.monotonic()
    until = began + seconds

    def live(person: Person) -> None:
        person._tally = tally
        time.sleep(random.uniform(0.0, min(think[1], seconds / 4)))
        for _ in person.steps():
            left = until - time.monotonic()
            if left <= 0:
                return
            time.sleep(min(left, random.uniform(*think)))

    _together([partial(live, person) for person in _people])
    return _result(tally, time.monotonic() - began)


def _result(tally: Tally, seconds: float) -> dict[str, Any]:
    every = list(itertools.chain.from_iterable(tally.seconds.values()))
    return {
        "pages": len(every),
        "seconds": seconds,
        "errors": dict(tally.errors),
        "all": in_milliseconds(every),
        "kinds": {
            kind: {"count": len(found), **in_milliseconds(found)}
            for kind, found in sorted(tally.seconds.items())
        },
    }


def _together(calls: Sequence[Any]) -> None:
    threads = [threading.Thread(target=call, daemon=True) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _found(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[1] if found else ""


if __name__ == "__main__":
    answer(enter=enter, use=use)
