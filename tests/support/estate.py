"""The whole platform with people in it, as they see it: on the stack, or embedded.

    resident = estate.person("resident1")
    order = resident.call("workorders", "submit", community=estate.community, kind="repair", ...)

Two communities are registered: the demo one, and a small one next to it whose people have no
business in the first.
"""

from __future__ import annotations

import http.client
import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar
from uuid import uuid4

import msgspec
import pytest

from cli import community
from shared.clock import SystemClock
from shared.errors import Unavailable, WuyeError, from_string
from shared.identity.operator import operator
from tests.support.stack import Stack
from tests.support.waiting import wait_until

SERVICES = ("security", "workorders", "billing", "notifications", "analytics")
NEIGHBOURS = "hillside"
TOKEN_SECONDS = 240.0

E = TypeVar("E", bound=WuyeError)
Answer = dict[str, Any]


class Transport(Protocol):
    """``token`` None: no token at all. ``query``: SQL on a service's database, as its owner."""

    def call(
        self,
        service: str,
        method: str,
        request: Mapping[str, Any],
        token: str | None,
        context: Mapping[str, Any] | None = None,
    ) -> Answer: ...

    def query(self, service: str, text: str) -> list[tuple[Any, ...]]: ...


class OnStack:
    def __init__(self, stack: Stack) -> None:
        self._stack = stack

    def query(self, service: str, text: str) -> list[tuple[Any, ...]]:
        return self._stack.query(service, text)

    def call(
        self,
        service: str,
        method: str,
        request: Mapping[str, Any],
        token: str | None,
        context: Mapping[str, Any] | None = None,
    ) -> Answer:
        return self._stack.rpc.call(
            service, method, request, auth_token=token, timeout=20.0, context=context
        )


class Embedded:
    """``embedded_process`` and its door. Use it as a context manager."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __enter__(self) -> Embedded:
        with (self.folder / "embedded.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.support.embedded_process", str(self.folder / "data")],
                env={**os.environ, "PYTHONPATH": os.getcwd()},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self.process.stdout is not None
        said = self.process.stdout.readline()
        assert said, (self.folder / "embedded.log").read_text()
        self._port = int(said)
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """SIGKILL: no farewell of any kind. Entered again, it goes on with its data."""
        self.process.kill()
        self.process.wait()

    def query(self, service: str, text: str) -> list[tuple[Any, ...]]:
        path = self.folder / "data" / f"{service}.sqlite"
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            return connection.execute(text).fetchall()

    def call(
        self,
        service: str,
        method: str,
        request: Mapping[str, Any],
        token: str | None,
        context: Mapping[str, Any] | None = None,
    ) -> Answer:
        call = {
            "service": service,
            "method": method,
            "request": request,
            "token": token,
            "context": context,
        }
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=40)
        try:
            connection.request("POST", "/", msgspec.json.encode(call))
            found = msgspec.json.decode(connection.getresponse().read())
        finally:
            connection.close()
        if "error" in found:
            error = from_string(found["error"])
            assert error is not None, found
            raise error
        answer: Answer = found["ok"]
        return answer


@dataclass(frozen=True)
class Person:
    """Somebody with an account, or the operator. ``id`` is the person's."""

    estate: Estate
    login: str
    id: str

    @property
    def token(self) -> str:
        return self.estate.token(self.login)

    def call(self, service: str, method: str, /, **request: Any) -> Answer:
        until = time.monotonic() + 60
        while True:
            try:
                return self._call(service, method, request)
            except Unavailable as error:
                # who was just registered is on the way there; nothing was done
                if "has not yet heard" not in error.message or time.monotonic() > until:
                    raise
            time.sleep(0.1)

    def _call(self, service: str, method: str, request: Answer) -> Answer:
        return self.estate.transport.call(service, method, request, self.token)

    def order(self, method: str, /, **request: Any) -> Answer:
        return self.call("workorders", method, **request)

    def refused(self, error: type[E], service: str, method: str, /, **request: Any) -> E:
        """The error of a call that must fail with just this class of error."""
        with pytest.raises(error) as found:
            self._call(service, method, request)
        return found.value


class Estate:
    """``kind`` is stack or embedded. Safe between threads."""

    def __init__(self, kind: str, transport: Transport, keys_dir: Path) -> None:
        self.kind = kind
        self.transport = transport
        self.keys_dir = keys_dir
        self._operator = operator(keys_dir, SystemClock())
        self._tokens: dict[str, tuple[str, float]] = {}
        self._passwords: dict[str, str] = {}
        self._people: dict[str, str] = {}
        self._lock = threading.Lock()
        self.operator = Person(self, "", self._operator.person)

    def furnish(self) -> None:
        """Register both communities."""
        self.demo = community.register(self._as_operator)
        self._people.update(self.demo.people)
        self.neighbours = self.found(NEIGHBOURS)
        self.settle()

    @property
    def community(self) -> str:
        return community.COMMUNITY

    @property
    def unit(self) -> str:
        """Where resident1 lives."""
        return self.demo.units["1-101"]

    def person(self, login: str) -> Person:
        return Person(self, login, self._people[login])

    def token(self, login: str) -> str:
        """A token of somebody; logged in once, and again before it gets old."""
        if not login:
            return self._operator.token()
        with self._lock:
            token, until = self._tokens.get(login, ("", 0.0))
            if time.monotonic() > until:
                token = self.log_in(login)["access_token"]
                self._tokens[login] = (token, time.monotonic() + TOKEN_SECONDS)
            return token

    def forget_tokens(self) -> None:
        """Log everybody in anew: the key that signed was retired."""
        with self._lock:
            self._tokens.clear()

    def log_in(self, login: str) -> Answer:
        password = self._passwords.get(login, community.PASSWORD)
        request = {"login": login, "password": password}
        return self.transport.call("security", "login", request, None)

    # -- more places and people ----------------------------------------------------------------

    def found(
        self, name: str, roles: Sequence[str] = ("manager", "dispatcher", "technician")
    ) -> Place:
        """Another community: one building, one unit, a resident and one person a role."""
        do = self.operator.call
        do("security", "register_community", community=name, name=name, timezone="Asia/Shanghai")
        building = do("security", "register_building", community=name, code="A", name="A")["id"]
        unit = do("security", "register_unit", building=building, code="A-1")["id"]
        place = Place(self, name, building, unit)
        self.settle_in(place, "resident")
        for role in roles:
            self.settle_in(place, role)
        return place

    def settle_in(
        self,
        place: Place,
        role: str,
        *others: str,
        login: str | None = None,
        language: str = "zh-CN",
    ) -> Person:
        """Register somebody, with a tenancy if a resident, an account and a post for each role."""
        do = self.operator.call
        login = login or f"{place.community}-{role}"
        person = do(
            "security",
            "register_person",
            community=place.community,
            name=f"{role} 张三 {login}"[:100],
            phone="139 1234 5678",
            language=language,
        )["id"]
        if role == "resident":
            do("security", "move_in", person=person, unit=place.unit, kind="owner")
        self._passwords[login] = uuid4().hex
        account = do(
            "security", "open_account", person=person, login=login, password=self._passwords[login]
        )["id"]
        for one in (role, *others):
            do("security", "grant", account=account, role=one, community=place.community)
        self._people[login] = person
        return self.person(login)

    # -- looking into it -----------------------------------------------------------------------

    def head(self, service: str) -> int:
        head: int = self.operator.call(f"{service}.ops", "views")["head"]
        return head

    def facts(self, service: str, after: int = 0) -> list[Answer]:
        """Everything in a log behind ``after``, as services read it."""
        found: list[Answer] = []
        while True:
            page = self.operator.call(f"{service}.log", "read", log=service, after=after)
            found += page["events"]
            if page["next"] == after or not page["events"]:
                return found
            after = page["next"]

    def settle(self, seconds: float = 90.0) -> None:
        """Until every handler of every service stands at the end of the log it follows."""
        wait_until("every handler is at the end", self._settled, seconds)

    def _settled(self) -> bool:
        # Twice, for policies write events of their own, which others follow.
        return self._behind() == [] and self._behind() == []

    def _behind(self) -> list[str]:
        seen = {name: self.operator.call(f"{name}.ops", "views") for name in SERVICES}
        return [
            f"{name}.{one['handler']}"
            for name in SERVICES
            for one in seen[name]["handlers"]
            if one["position"] < seen[one["log"]]["head"]
        ]

    def _as_operator(self, service: str, method: str, request: Mapping[str, Any]) -> Answer:
        return self.transport.call(service, method, request, self._operator.token())


@dataclass(frozen=True)
class Place:
    """A community that ``Estate.found`` made."""

    estate: Estate
    community: str
    building: str
    unit: str

    def person(self, role: str) -> Person:
        return self.estate.person(f"{self.community}-{role}")


def soon(what: str, look: Callable[[], Any], seconds: float = 60.0) -> Any:
    """What followers bring about within a moment: ask until there is an answer that is true."""
    return wait_until(what, look, seconds)


def running(estate: Estate) -> bool:
    """Whether all five services answer."""
    try:
        return all(estate.head(name) >= 0 for name in SERVICES)
    except Unavailable:
        return False
