"""The pages in Debian's Chromium, as people see and use them, and what axe-core says of them.

window = Window(chromium, site, "resident1", language="en", size=PHONE)
window.go("/orders")
window.page.get_by_role("link", name="Report").click()
assert not window.faults()
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Playwright,
    expect,
    sync_playwright,
)

from shared.errors import Unavailable
from shared.servers.provision import found_or_installed
from tests.support.edge import Site

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1440, "height": 900}
_SHELL = "chromium-headless-shell"
# as root there is no sandbox; nothing is asked of any server but the tests' own
_OPTIONS = ["--no-sandbox", "--disable-background-networking", "--disable-dev-shm-usage"]
# every rule for WCAG 2.2 A and AA, and what axe-core calls best practice
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# all that hangs on the theme, which changes colours and nothing else
_COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
_JUDGE = "options => axe.run(options).then(({ violations }) => violations)"
_OPEN_ALL = "document.querySelectorAll('details').forEach((each) => { each.open = true; })"
_MILLISECONDS = 30_000
# an open page asks anew every 5 s (frame/live.py) and may have just asked: two rounds and an answer
expect.set_options(timeout=40_000)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as found:
        yield found


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    with launched(playwright) as browser:
        yield browser


@pytest.fixture(scope="module")
def whole_chromium(playwright: Playwright) -> Iterator[Browser]:
    """One that can show notifications, which the headless shell cannot."""
    with launched(playwright, whole=True) as browser:
        yield browser


@contextmanager
def launched(playwright: Playwright, *, whole: bool = False) -> Iterator[Browser]:
    """Chromium's headless shell: a window costs a third of what it costs in all of Chromium.

    ``whole``: all of Chromium. It does as well where the shell is not to be had.
    """
    browser = playwright.chromium.launch(executable_path=_program(whole), args=_OPTIONS)
    yield browser
    browser.close()


def _program(whole: bool) -> Path:
    if not whole:
        with suppress(Unavailable):
            return found_or_installed("Chromium's shell", _SHELL, lambda: _on_path(_SHELL))
    return found_or_installed(
        "Chromium", "chromium", lambda: _on_path("chromium", "chromium-browser")
    )


def _on_path(*names: str) -> Path | None:
    return next((Path(found) for name in names if (found := shutil.which(name))), None)


class Window:
    """One person's window, logged in without the pages of log-in; ``login`` None is nobody's."""

    def __init__(
        self,
        browser: Browser,
        site: Site,
        login: str | None = None,
        *,
        language: str = "en",
        size: dict[str, int] = PHONE,
        dark: bool = False,
        scripts: bool = True,
    ) -> None:
        self.url = site.url
        phone = size["width"] < 1000
        self.context: BrowserContext = browser.new_context(
            base_url=site.url,
            viewport={"width": size["width"], "height": size["height"]},
            locale=language,
            color_scheme="dark" if dark else "light",
            has_touch=phone,
            is_mobile=phone,
            java_script_enabled=scripts,
            timezone_id="Asia/Shanghai",
            # axe-core is to see no colour that is still on its way to another
            reduced_motion="reduce",
        )
        self.context.set_default_timeout(_MILLISECONDS)
        self.language, self.dark = language, dark
        self._size, self._other_size = (size, DESKTOP) if phone else (size, PHONE)
        if login is not None:
            self.log_in(site, login)
        self.page: Page = self.context.new_page()
        # what a page's own scripts complain of, a policy that stops one included
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._heard)

    def go(self, path: str) -> Page:
        self.page.goto(path)
        return self.page

    def log_in(self, site: Site, login: str | None, language: str | None = None) -> None:
        """Whoever was logged in before is not any more."""
        self.language = language or self.language
        self.context.clear_cookies()
        if login is not None:
            self.context.add_cookies(_cookies(site, login, self.language))

    def faults(self) -> list[str]:
        """What axe-core finds wrong: the rule, and where."""
        return self._judged(_RULES)

    def faults_anywhere(self) -> list[str]:
        """What is wrong with the page in either theme, and whether it fits both sizes."""
        found = self.faults()
        self._shade(not self.dark)
        found += self._judged(_COLOURS)
        self._shade(self.dark)
        for size in (self._other_size, self._size):
            self.resize(size)
            if wide := self.widest():
                found.append(f"{wide} pixels too wide for {size['width']}")
        return found

    def widest(self) -> int:
        """How far the page reaches beyond its window, in pixels."""
        wide: int = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        return wide

    def resize(self, size: dict[str, int]) -> None:
        self.page.set_viewport_size({"width": size["width"], "height": size["height"]})

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def close(self) -> None:
        self.context.close()

    def _judged(self, rules: Any) -> list[str]:
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE_SCRIPT)
        options = {"runOnly": rules, "resultTypes": ["violations"]}
        return [
            f"{violation['id']}: {' '.join(map(str, node['target']))}: {node['failureSummary']}"
            for violation in self.page.evaluate(_JUDGE, options)
            for node in violation["nodes"]
        ]

    def _shade(self, dark: bool) -> None:
        self.page.emulate_media(color_scheme="dark" if dark else "light")

    def _heard(self, message: Any) -> None:
        if message.type == "error":
            self.complaints.append(message.text)


@contextmanager
def window(browser: Browser, site: Site, login: str | None = None, **how: Any) -> Iterator[Window]:
    """A window for as long as the block takes; no script of the page may have complained in it."""
    one = Window(browser, site, login, **how)
    try:
        yield one
        assert not one.complaints, one.complaints
    finally:
        one.close()


def faults_of(
    browser: Browser,
    site: Site,
    pages: Mapping[str | None, Sequence[str]],
    language: str,
) -> list[tuple[str, str]]:
    """What is wrong with these people's pages, all that folds being open, in either theme.

    axe-core sees one language on a phone and the other on a desktop: ask for both. Whether a page
    fits is looked at for both sizes in each. None is nobody.
    """
    size = PHONE if language == "zh-CN" else DESKTOP
    found = []
    with window(browser, site, language=language, size=size) as one:
        for login, paths in pages.items():
            one.log_in(site, login)
            for path in paths:
                page = one.go(path)
                assert page.title(), path
                page.evaluate(_OPEN_ALL)
                found += [(path, fault) for fault in one.faults_anywhere()]
    return found


def _cookies(site: Site, login: str, language: str) -> list[Any]:
    jar = site.person(login, language).session.cookies
    return [{"name": one.name, "value": one.value, "url": site.url} for one in jar]
