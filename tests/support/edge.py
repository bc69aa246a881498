"""The pages in front of the real platform: of `wuye run`, and as the edge of the stack."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from requests.cookies import RequestsCookieJar

from cli.community import PASSWORD
from tests.integration.cli.wuye import Wuye
from tests.support.browser import Browser, Form, Page
from tests.support.estate import TOKEN_SECONDS, Estate, soon
from tests.support.lifecycle import a_quote
from tests.support.push_service import SETTINGS
from tests.support.running import Running
from tests.support.stack import Stack
from tests.support.waiting import wait_until

COMMUNITY = "lakeside"
# a day and a category that few tests are about
FAR = date.today() + timedelta(days=900)
RARE = ("complaint", "pets")
SCRIPT = "<script>alert('漏水')</script> & \"quotes\""


class Site:
    """A site with the demo community. A password takes its time: who was logged in stays so."""

    def __init__(self, url: str, folder: Path = Path()) -> None:
        """``folder``: where its data are, if they are its own."""
        self.url, self.folder = url, folder
        self._sessions: dict[str, RequestsCookieJar] = {}
        self._tokens: dict[str, tuple[str, float]] = {}

    def browser(self, language: str = "en") -> Browser:
        """Nobody's browser."""
        return Browser(self.url, language)

    def person(self, login: str, language: str = "en") -> Browser:
        """A browser of their own, in this language whatever their account says."""
        browser = self.browser(language)
        if login not in self._sessions:
            entered = browser.log_in(login, PASSWORD)
            assert entered.status == 200, entered.text
            self._sessions[login] = browser.session.cookies.copy()
        browser.session.cookies.update(self._sessions[login])
        browser.keep("wuye_language", language)
        return browser

    def report(self, login: str = "resident1", language: str = "en", **typed: str) -> Page:
        """A new report of a leak; the page that thanks for it."""
        resident = self.person(login, language)
        form = resident.get("/report").form("/report")
        asked = {"category": "plumbing", "description": "漏水", **typed}
        page = resident.send(form, looked="1", **asked)
        assert page.status == 200, page.text
        return page

    def ask(self, login: str, method: str, **request: Any) -> dict[str, Any]:
        """The query ``service.method`` as this person, by the RPC that the edge passes on."""
        return self._rpc(self.token(login), method, request)

    def token(self, login: str, password: str = PASSWORD) -> str:
        """Of one session, since log-ins are throttled; of another one before it gets old."""
        token, until = self._tokens.get(login, ("", 0.0))
        if time.monotonic() > until:
            entered = {"login": login, "password": password, "command_id": str(uuid4())}
            token = self._rpc("none", "security.login", entered)["access_token"]
            self._tokens[login] = token, time.monotonic() + TOKEN_SECONDS
        return token

    def tell(self, login: str, method: str, **request: Any) -> dict[str, Any]:
        """A command, by the same way."""
        return self.ask(login, method, command_id=str(uuid4()), **request)

    def _rpc(self, token: str, method: str, request: dict[str, Any]) -> dict[str, Any]:
        answer = self.browser().session.post(
            f"{self.url}/rpc/{method.replace('.', '/')}",
            json=request,
            headers={"Authorization": f"Bearer {token}"},
            timeout=20,
        )
        found: dict[str, Any] = answer.json()
        assert answer.status_code == 200, (method, found)
        return found

    def dispatched(self, technician: str = "马师傅", **typed: str) -> str:
        """The path of a new order that this technician was sent to."""
        path = order_path(self.report(**typed))
        page = self.sent(self.person("dispatcher"), path, technician)
        assert page.status == 200, page.text
        return path

    def sent(
        self, browser: Browser, path: str, technician: str = "马师傅", act: str = "dispatch"
    ) -> Page:
        """The page after this technician was sent, who may be listed a moment later only."""

        def listed() -> Form | None:
            form = browser.get(path).form(f"/{act}")
            return form if technician in form.choices.get("technician", {}) else None

        form = soon("the technician is listed", listed)
        return browser.send(form, technician=form.choice("technician", technician))

    def agreed(self, path: str, fen: int, resident: str = "resident1") -> None:
        """That technician1 may charge so much: quoted, and accepted by the resident."""
        community, number = path.rpartition("/")[0].rpartition("/")[2], path.rpartition("/")[2]
        order = self.ask("manager", "workorders.get", community=community, number=number)["id"]
        self.tell("technician1", "workorders.quote", id=order, **a_quote(fen))
        self.tell(resident, "workorders.accept_quote", id=order, quote=1)


def off_duty(site: Site) -> None:
    """Nobody of the demo community's crew can do anything or is there: each test says who is."""
    community = {"community": COMMUNITY}
    now = datetime.now(UTC)
    span = {"since": now.isoformat(), "until": (now + timedelta(days=1)).isoformat()}
    for one in site.ask("manager", "workorders.roster", **community, **span)["people"]:
        about = {"person": one["person"]}
        record = site.ask("manager", "workorders.staff_record", **about)
        for skill in record["skills"]:
            site.tell("manager", "workorders.withdraw_skill", **about, skill=skill)
        for paper in record["certificates"]:
            held = paper["certificate"]
            site.tell("manager", "workorders.withdraw_certificate", **about, certificate=held)
        for shift in record["shifts"]:
            site.tell("manager", "workorders.withdraw_shift", **about, shift=shift["id"])
    site.tell(
        "manager", "workorders.set_mode", **community, kind="repair", category="heating",
        mode="assign",
    )  # fmt: skip


def order_path(page: Page) -> str:
    return page.path.partition("?")[0]


def order_number(page: Page) -> str:
    return order_path(page).rpartition("/")[2]


def shows(browser: Browser, path: str, text: str) -> Page:
    """The page once it shows this: views follow by a moment."""

    def looked() -> Page | None:
        page = browser.get(path)
        return page if text in page.text else None

    found: Page = soon(f"{path} shows {text}", looked)
    return found


def ids_in(text: str) -> list[str]:
    """What in a text looks like an id of the machinery."""
    found = []
    for word in text.replace(".", " ").replace(":", " ").replace("/", " ").split():
        try:
            found.append(str(UUID(word)))
        except ValueError:
            continue
    return found


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """`wuye run`, as a newcomer has it, with nobody on duty."""
    wuye = Wuye(tmp_path_factory.mktemp("site"), SETTINGS)
    with wuye.running():
        found = Site(json.loads((wuye.folder / "edge.json").read_text())["url"], wuye.folder)
        off_duty(found)
        yield found


@pytest.fixture(scope="session")
def empty_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """`wuye run --empty`: nobody is registered there."""
    wuye = Wuye(tmp_path_factory.mktemp("empty"))
    with wuye.running("--empty"):
        yield Site(json.loads((wuye.folder / "edge.json").read_text())["url"], wuye.folder)


@pytest.fixture(scope="session")
def stack_site(
    stack_estate: Estate, running_stack: Stack, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """The edge's own process on the stack."""
    with edge_of(running_stack, tmp_path_factory.mktemp("gateway") / "gateway.log") as url:
        yield Site(url)


@contextmanager
def edge_of(stack: Stack, log: Path, **more: str) -> Iterator[str]:
    """The URL of an edge on a stack, with ``more`` in its environment."""
    own = {name: text for name, text in os.environ.items() if not name.startswith("WUYE_")}
    environment = {
        **own,
        "WUYE_BROKER_URL": stack.broker_url,
        "WUYE_KEYS_DIR": str(stack.folder / "keys"),
        "WUYE_HTTP_PORT": "0",
        "WUYE_HEALTH_PORT": "0",
        "WUYE_LOG_FORMAT": "json",
        **more,
    }
    with _ended(Running(["services.gateway", "serve"], environment, log)) as edge:
        yield wait_until("the edge serves", lambda: _url(edge))


@contextmanager
def _ended(edge: Running) -> Iterator[Running]:
    try:
        yield edge
        assert edge.stop() == 0, edge.log.read_text()
    finally:
        if edge.alive():
            edge.kill()


def _url(edge: Running) -> str | None:
    assert edge.alive(), edge.log.read_text()
    return next(
        (f"http://{said.removeprefix('serving on ').split()[0]}" for said in _serving(edge.log)),
        None,
    )


def _serving(log: Path) -> list[str]:
    lines = [json.loads(line) for line in log.read_text().splitlines() if line.endswith("}")]
    return [line["event"] for line in lines if str(line["event"]).startswith("serving on ")]
