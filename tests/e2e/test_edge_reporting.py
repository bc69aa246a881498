"""What is known is shown to whoever is about to report it: the same from others, and by when."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect

from tests.support.browser import Browser, Page
from tests.support.chromium import DESKTOP, PHONE, window
from tests.support.edge import Site, ids_in, order_number, order_path
from tests.support.estate import soon

WORDS = "单元门口的对讲机没有声音了"


@contextmanager
def reported(site: Site, words: str = WORDS) -> Iterator[Page]:
    """By the neighbour below, until the end of the block."""
    page = site.report("resident1", category="door_lock", description=words)
    yield page
    neighbour = site.person("resident1")
    neighbour.send(neighbour.get(order_path(page)).form("/cancel"))


def send(browser: Browser, **typed: str) -> Page:
    form = browser.get("/report").form("/report")
    return browser.send(form, **{"category": "door_lock", "description": WORDS, **typed})


def looked(browser: Browser, **typed: str) -> Page:
    """The part that scripts ask for."""
    form = browser.get("/report").form("/report")
    asked = {**form.fields, "category": "door_lock", "description": WORDS, **typed}
    return browser.post("/report/look", asked)


def test_without_scripts_what_is_likely_the_same_is_a_step_before_it_is_sent(site: Site) -> None:
    with reported(site) as first:
        neighbour = site.person("resident2")
        page = soon("it is known", lambda: _step(neighbour))
        assert order_number(first) in page.text
        assert WORDS not in page.text
        assert not ids_in(page.text)
        form = page.form("/report")
        assert form.text("description") == WORDS

        sent = neighbour.send(form)

        assert sent.status == 200 and order_path(sent).startswith("/orders/lakeside/R-")
        neighbour.send(neighbour.get(order_path(sent)).form("/cancel"))


def _step(browser: Browser) -> Page | None:
    page = send(browser)
    return page if "Not sent yet" in page.text else None


def test_whoever_follows_it_sends_nothing_and_finds_it_in_their_list_until_they_do_not(
    site: Site,
) -> None:
    with reported(site) as first:
        neighbour = site.person("resident2")
        page = soon("it is known", lambda: _step(neighbour))
        (order,) = [one["value"] for one in page.all("button") if one.get("name") == "follow"][:1]
        asked = {**page.form("/report/follow").fields, "follow": order}
        assert neighbour.post("/report/follow", {"follow": order}).status == 409

        page = neighbour.post("/report/follow", asked)

        assert "You follow it now" in page.text and order_number(first) in page.text
        assert neighbour.get(order_path(first)).status == 404
        unfollow = {**page.form("/orders/unfollow").fields, "unfollow": order}
        assert "Followed" not in neighbour.post("/orders/unfollow", unfollow).headings


@pytest.mark.parametrize("kind", ["repair", "complaint"])
def test_one_s_own_report_is_no_reason_to_stop(site: Site, kind: str) -> None:
    category = "door_lock" if kind == "repair" else "noise"
    resident = site.person("resident3")
    for _ in range(2):
        page = send(resident, kind=kind, category=category, description="自己家门打不开")
        assert page.path.startswith("/orders/lakeside/"), page.text
        assert page.status == 200


def test_by_when_and_who_gets_it_is_told_before_it_is_sent(site: Site) -> None:
    resident = site.person("resident4")
    page = looked(resident, description="")
    assert "A dispatcher reads it and sends somebody." in page.text
    assert "by " in page.text
    assert looked(resident, category="", description="").text == ""


def test_a_category_is_suggested_and_never_chosen(site: Site) -> None:
    page = looked(site.person("resident4", "zh-CN"), category="", description="电梯坏了，停在三楼")
    assert "看起来像：电梯" in page.text
    chosen = looked(site.person("resident4"), category="lift", description="电梯坏了，停在三楼")
    assert "It sounds like" not in chosen.text


def test_looking_is_for_those_who_are_logged_in(site: Site) -> None:
    answer = site.browser().session.post(
        f"{site.url}/report/look", {"description": "x"}, allow_redirects=False, timeout=20
    )
    assert answer.status_code in (303, 401)


@pytest.mark.parametrize(
    ("language", "size"), [("zh-CN", PHONE), ("en", DESKTOP)], ids=["phone", "desktop"]
)
def test_it_is_shown_as_it_is_typed_and_followed_with_one_touch(
    chromium: Chromium, site: Site, size: dict[str, int], language: str
) -> None:
    with (
        reported(site) as first,
        window(chromium, site, "resident5", size=size, language=language) as one,
    ):
        page = one.go("/report")
        page.locator("textarea").fill(WORDS)
        expect(page.locator(".alike")).to_contain_text(order_number(first))
        assert one.faults_anywhere() == []
        page.locator("[data-choose]").click()
        expect(page.locator("[name=category]:checked")).to_have_count(1)
        expect(page.locator(".looked .next")).to_be_visible()

        page.locator(".alike button[name=follow]").first.click()

        page.wait_for_url("**/orders?*")
        listed = page.locator("section", has=page.locator("#followed"))
        expect(listed).to_contain_text(order_number(first))
        assert one.faults() == []
        assert one.go("/report").locator("textarea").input_value() == ""
        one.go("/orders").locator("button[name=unfollow]").first.click()
        expect(page.locator("#followed")).to_have_count(0)
