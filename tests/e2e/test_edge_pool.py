"""What a technician takes from the pool: who is first has it, and nothing is taken offline."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect

from tests.support.browser import Browser, Page
from tests.support.chromium import DESKTOP, PHONE, window
from tests.support.edge import Site, ids_in, order_number, order_path
from tests.support.estate import soon


def mode(site: Site, name: str) -> None:
    site.tell(
        "manager",
        "workorders.set_mode",
        community="lakeside",
        kind="repair",
        category="public_area",
        mode=name,
    )


@pytest.fixture(scope="module")
def grabbed(site: Site) -> Iterator[None]:
    """Orders about public areas are grabbed; afterwards they are dispatched as before."""
    mode(site, "grab")
    yield
    mode(site, "assign")


def waiting(site: Site) -> Page:
    return site.report("resident1", category="public_area", description="路灯不亮")


def pool(browser: Browser, number: str) -> Page:
    return soon("it is in the pool", lambda: _shows(browser.get("/work"), number))


def _shows(page: Page, number: str) -> Page | None:
    return page if "To take" in page.headings and number in page.text else None


def take(site: Site, page: Page, report: Page) -> dict[str, str]:
    """What the button of this order sends."""
    order = site.ask(
        "manager", "workorders.get", community="lakeside", number=order_number(report)
    )["id"]
    assert order in [one["value"] for one in page.all("button") if one.get("name") == "order"]
    form = next(one for one in page.forms if one.action == "/work/grab")
    return {"csrf": form.text("csrf"), "command_id": form.text("command_id"), "order": order}


def test_of_two_who_take_it_one_has_it_and_the_other_is_told(site: Site, grabbed: None) -> None:
    report = waiting(site)
    number = order_number(report)
    first, second = site.person("technician1"), site.person("technician2")
    sent = [take(site, pool(one, number), report) for one in (first, second)]

    taken = first.post("/work/grab", sent[0])

    assert taken.status == 200 and "It is yours now." in taken.text
    late = second.post("/work/grab", sent[1])
    assert late.status == 409
    assert "A technician was sent already" in late.text
    assert number not in second.get("/work").text
    assert first.post("/work/grab", sent[0]).path == taken.path


def test_what_is_in_the_pool_shows_no_words_and_no_ids(site: Site, grabbed: None) -> None:
    report = waiting(site)
    page = pool(site.person("technician2"), order_number(report))
    assert "路灯不亮" not in page.text
    assert not ids_in(page.text)
    resident = site.person("resident1")
    resident.send(resident.get(order_path(report)).form("/cancel"))


def test_nothing_is_taken_by_who_is_no_technician(site: Site) -> None:
    resident = site.person("resident1")
    csrf = resident.get("/me").form("/logout").text("csrf")
    assert resident.post("/work/grab", {"csrf": csrf, "order": "lakeside.x"}).status == 403


@pytest.mark.parametrize(
    ("language", "size"), [("zh-CN", PHONE), ("en", DESKTOP)], ids=["phone", "desktop"]
)
def test_the_pool_shows_by_itself_and_is_taken_with_one_touch(
    chromium: Chromium, site: Site, grabbed: None, size: dict[str, int], language: str
) -> None:
    with window(chromium, site, "technician2", size=size, language=language) as one:
        page = one.go("/work")
        report = waiting(site)
        row = page.locator("section:has(#pool) li", has_text=order_number(report))
        expect(row).to_be_visible()
        assert one.faults_anywhere() == []
        one.context.set_offline(True)
        row.locator("button").click()
        expect(page.locator("#offline")).to_be_visible()
        one.context.set_offline(False)
        row.locator("button").click()
        page.wait_for_url(f"**{order_path(report)}*")
        expect(page.locator(".notice.good")).to_be_visible()
        one.complaints.clear()
