"""One order through five people's pages, in a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.support.chromium import DESKTOP, PHONE, Window, window
from tests.support.edge import Site
from tests.support.estate import soon
from tests.support.hands import Hands, Keys, Mouse

TECHNICIAN = "马师傅"
Opened = Callable[[str], Any]


def walk(opened: Opened, hands: Hands, *, judged: bool = False) -> None:
    """``judged``: axe-core looks at every page on the way."""

    def seen(one: Window) -> None:
        found = one.faults() if judged else []
        assert not found, (one.page.url, found)
        assert one.widest() == 0, one.page.url

    with opened("resident1") as resident:
        page = resident.go("/report")
        seen(resident)
        hands.choose(page.locator("input[name=category][value=plumbing]"))
        hands.write(page.locator("textarea[name=description]"), "厨房水龙头漏水")
        hands.press(page.locator("form[action='/report'] button.wide"))
        page.wait_for_url("**/orders/lakeside/R-*")
        soon("the order is shown", lambda: page.locator(".steps").count())
        seen(resident)
        path = page.url.removeprefix(resident.url).partition("?")[0]
        number = path.rpartition("/")[2]

    with opened("dispatcher") as dispatcher:
        page = dispatcher.go(path)
        seen(dispatcher)
        hands.select(page.locator("form[action$='/dispatch'] select"), TECHNICIAN)
        hands.press(page.locator("form[action$='/dispatch'] button.wide"))
        page.locator(".notice.good").wait_for()

    with opened("technician1") as technician:
        page = technician.go(path)
        seen(technician)
        hands.press(page.locator("form[action$='/start'] button.wide"))
        page.locator(".notice.good").wait_for()
        form = page.locator("form[action$='/repair']")
        seen(technician)
        hands.write(form.locator("textarea[name=notes]"), "换了垫圈")
        hands.write(form.locator("input[name=minutes]"), "40")
        hands.press(form.locator("button.wide"))
        page.locator(".notice.good").wait_for()

    with opened("resident1") as resident:
        page = resident.go(path)
        seen(resident)
        form = page.locator("form[action$='/accept']")
        hands.choose(form.locator("input[name=stars][value='4']"))
        hands.press(form.locator("button.wide"))
        page.locator(".notice.good").wait_for()
        assert page.locator(".progress li").last.get_attribute("aria-current") == "step"
        seen(resident)

    with opened("manager") as manager:
        page = manager.go("/orders?tab=rated")
        seen(manager)
        hands.press(page.locator(f"a[href='{path}']"))
        page.wait_for_url(f"**{path}")
        assert number in page.title()
        assert page.locator(".step .stars").count() == 1
        seen(manager)


def opener(chromium: Browser, site: Site, **how: Any) -> Opened:
    @contextmanager
    def opened(login: str) -> Iterator[Window]:
        with window(chromium, site, login, **how) as one:
            yield one

    return opened


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_an_order_goes_through_five_peoples_pages(
    chromium: Browser, site: Site, language: str, size: dict[str, int]
) -> None:
    dark = size == DESKTOP
    judged = (language == "en") == dark
    opened = opener(chromium, site, language=language, size=size, dark=dark)
    walk(opened, Mouse(), judged=judged)


def test_the_keyboard_alone_can_do_all_of_it(chromium: Browser, site: Site) -> None:
    walk(opener(chromium, site, size=DESKTOP), Keys())


def test_all_of_it_works_without_scripts(chromium: Browser, site: Site) -> None:
    walk(opener(chromium, site, scripts=False), Mouse())
