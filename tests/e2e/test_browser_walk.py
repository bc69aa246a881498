"""One order through five people's pages, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.support.chromium import DESKTOP, PHONE, Window, window
from tests.support.edge import Site
from tests.support.estate import soon
from tests.support.hands import Hands, Keys, Mouse

TECHNICIAN = "马师傅"


def walk(one: Window, site: Site, hands: Hands, *, judged: bool = False) -> None:
    """On one device, which they hand on to each other.

    ``judged``: axe-core looks at every page on the way.
    """

    def seen() -> None:
        found = one.faults() if judged else []
        assert not found, (one.page.url, found)
        assert one.widest() == 0, one.page.url

    one.log_in(site, "resident1")
    page = one.go("/report")
    seen()
    hands.choose(page.locator("input[name=category][value=plumbing]"))
    hands.write(page.locator("textarea[name=description]"), "厨房水龙头漏水")
    hands.press(page.locator("form[action='/report'] button.wide"))
    page.wait_for_url("**/orders/lakeside/R-*")
    soon("the order is shown", lambda: page.locator(".steps").count())
    seen()
    path = page.url.removeprefix(one.url).partition("?")[0]
    number = path.rpartition("/")[2]

    one.log_in(site, "dispatcher")
    one.go(path)
    seen()
    hands.select(page.locator("form[action$='/dispatch'] select"), TECHNICIAN)
    hands.press(page.locator("form[action$='/dispatch'] button.wide"))
    page.locator(".notice.good").wait_for()

    one.log_in(site, "technician1")
    one.go(path)
    seen()
    hands.press(page.locator("form[action$='/start'] button.wide"))
    page.locator(".notice.good").wait_for()
    form = page.locator("form[action$='/repair']")
    seen()
    hands.write(form.locator("textarea[name=notes]"), "换了垫圈")
    hands.write(form.locator("input[name=minutes]"), "40")
    hands.press(form.locator("button.wide"))
    # the notice of the start is still there
    form.wait_for(state="detached")
    page.locator(".notice.good").wait_for()

    one.log_in(site, "resident1")
    one.go(path)
    seen()
    form = page.locator("form[action$='/accept']")
    hands.choose(form.locator("input[name=stars][value='4']"))
    hands.press(form.locator("button.wide"))
    page.locator(".notice.good").wait_for()
    assert page.locator(".progress li").last.get_attribute("aria-current") == "step"
    seen()

    one.log_in(site, "manager")
    one.go("/orders?tab=rated")
    seen()
    hands.press(page.locator(f"a[href='{path}']"))
    page.wait_for_url(f"**{path}")
    assert number in page.title()
    assert page.locator(".step .stars").count() == 1
    seen()


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_an_order_goes_through_five_peoples_pages(
    chromium: Browser, site: Site, language: str, size: dict[str, int]
) -> None:
    dark = size == DESKTOP
    judged = (language == "en") == dark
    with window(chromium, site, language=language, size=size, dark=dark) as one:
        walk(one, site, Mouse(), judged=judged)


def test_the_keyboard_alone_can_do_all_of_it(chromium: Browser, site: Site) -> None:
    with window(chromium, site, size=DESKTOP) as one:
        walk(one, site, Keys())


def test_all_of_it_works_without_scripts(chromium: Browser, site: Site) -> None:
    with window(chromium, site, scripts=False) as one:
        walk(one, site, Mouse())
