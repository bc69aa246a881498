"""Whoever uses the platform while it is walked through: by RPC, by its pages, as its operator."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import requests

from cli.community import COMMUNITY, PASSWORD
from cli.operator import connect
from cli.stack import plan
from deploy.walk.platform import Platform
from shared.config.settings import OperatorSettings
from shared.errors import WuyeError
from shared.identity.operator import OPERATOR
from shared.messaging.rpc_client import RpcClient


class Orders:
    """Reports, each sent with an id of its own until it is answered."""

    def __init__(self, platform: Platform) -> None:
        self.taken: dict[str, str] = {}
        self.again = 0
        self._platform = platform
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._thread.join(60)

    def lost(self) -> list[str]:
        """The reports that were answered and are not there, or are there twice."""
        name = "SELECT notification_id FROM stored_events WHERE convert_from(state, 'UTF8') LIKE %s"
        url = self._platform.databases["workorders"].migration_url
        with psycopg.connect(url) as connection:
            return [
                command
                for command in self.taken
                if len(connection.execute(name.encode(), (f"%{command}%",)).fetchall()) != 1
            ]

    def _run(self) -> None:
        rpc = RpcClient(self._platform.brokers[plan.EDGE], source=plan.EDGE)
        token = token_of(rpc)
        while not self._ended.wait(0.05):
            command = str(uuid4())
            while not self._ended.is_set():
                try:
                    self.taken[command] = _submit(rpc, token, command)
                    break
                except WuyeError:
                    self.again += 1
                    self._ended.wait(0.1)
        rpc.close()


@contextmanager
def orders_coming(platform: Platform) -> Iterator[Orders]:
    orders = Orders(platform)
    orders.start()
    try:
        yield orders
    finally:
        orders.stop()


def token_of(rpc: RpcClient) -> str:
    login = {"login": "resident1", "password": PASSWORD}
    return str(rpc.call("security", "login", login)["access_token"])


def _submit(rpc: RpcClient, token: str, command: str) -> str:
    request = {
        "community": COMMUNITY,
        "kind": "complaint",
        "category": "noise",
        "description": "楼上装修",
        "command_id": command,
    }
    return str(rpc.call("workorders", "submit", request, auth_token=token)["number"])


def submitted(platform: Platform) -> str:
    """The number of a report, sent until it is answered."""
    orders = Orders(platform)
    rpc = RpcClient(platform.brokers[plan.EDGE], source=plan.EDGE)
    try:
        command, until = str(uuid4()), time.monotonic() + 30
        while True:
            try:
                return _submit(rpc, token_of(rpc), command)
            except WuyeError:
                orders.again += 1
                if time.monotonic() > until:
                    raise
                time.sleep(0.2)
    finally:
        rpc.close()


def is_there(call: Callable[..., Any], number: str) -> bool:
    try:
        call("workorders", "get", {"number": number, "community": COMMUNITY})
    except WuyeError as error:
        assert error.code == "not_found", error
        return False
    return True


def caught_up(platform: Platform) -> None:
    """Every follower stands at the end of the log it follows."""
    until = time.monotonic() + 60
    heads: dict[str, int] = {}
    while True:
        behind = []
        for service in plan.SERVICES:
            with psycopg.connect(platform.databases[service].migration_url) as connection:
                head = connection.execute("SELECT max(notification_id) FROM stored_events")
                heads[service] = (head.fetchone() or (0,))[0] or 0
        for service in plan.SERVICES:
            with psycopg.connect(platform.databases[service].migration_url) as connection:
                places = connection.execute("SELECT handler, log, position FROM positions")
                behind += [one for one in places if one[1] in heads and one[2] < heads[one[1]]]
        if not behind:
            return
        assert time.monotonic() < until, f"behind: {behind}"
        time.sleep(0.2)


def forget(file: Path, name: str) -> None:
    """The next asking makes up a new one."""
    known = json.loads(file.read_text())
    del known[name]
    file.write_text(json.dumps(known))


# -- the pages -------------------------------------------------------------------------------------


def log_in(platform: Platform) -> requests.Session:
    """A browser that is logged in."""
    browser = requests.Session()
    url = _pages(platform)
    page = browser.get(f"{url}/login", timeout=30).text
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    typed = {**hidden, "login": "resident1", "password": PASSWORD}
    browser.post(f"{url}/login", data=typed, timeout=30)
    return browser


def is_in(platform: Platform, browser: requests.Session) -> bool:
    answer = browser.get(f"{_pages(platform)}/orders", timeout=30, allow_redirects=False)
    return answer.status_code == 200


def reference_of_failed_page(platform: Platform) -> str:
    answer = log_in(platform).get(f"{_pages(platform)}/orders", timeout=30)
    found = re.search(r"<code>([0-9a-f-]{36})</code>", answer.text)
    assert answer.status_code in (503, 504) and found, f"{answer.status_code}: {answer.text}"
    return found[1]


def _pages(platform: Platform) -> str:
    return f"http://127.0.0.1:{platform.processes[plan.EDGE].pages}"


@contextmanager
def operator(platform: Platform) -> Iterator[Callable[..., Any]]:
    settings = OperatorSettings(
        broker_url=platform.brokers[OPERATOR], keys_dir=platform.secrets / "keys"
    )
    with connect(settings) as operator:
        yield operator.call
