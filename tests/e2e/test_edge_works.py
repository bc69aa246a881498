"""The public work board: published by the staff, seen by everybody, flagged, hidden, restored."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser as Chromium

from cli.community import COMMUNITY
from tests.support.browser import Browser, Page
from tests.support.chromium import faults_of
from tests.support.edge import Site, ids_in
from tests.support.estate import soon
from tests.support.program import LEAK, Program, photo, problem, program

SECRET_WORDS = "张三家 1-101 的水管，电话 13912345678"
CAPTION = "换了主管道的阀门 <b>🔧</b>"
BOARD, OFFICE = f"/works/{COMMUNITY}", f"/releasing/{COMMUNITY}"


def board_is(site: Site, *, open: bool) -> None:
    manager = site.person("manager")
    form = manager.get(OFFICE).form("/board")
    manager.send(form, open="yes" if open else "no")


@pytest.fixture(scope="module")
def work(site: Site) -> dict[str, Any]:
    """A finished repair with two photos after it, and one of the report."""
    board_is(site, open=True)
    resident, worker = program(site, "resident1"), program(site, "technician1")
    dispatcher = program(site, "dispatcher")
    before = resident.upload(photo("navy")).json()["photo"]
    after = [worker.upload(photo(colour)).json()["photo"] for colour in ("teal", "olive")]
    home = resident.get("/me").json()["homes"][0]["unit"]
    report = {**LEAK, "unit": home, "description": SECRET_WORDS, "photos": [before]}
    order = resident.post("/orders", report).json()
    path = f"/orders/{order['id']}"
    me = worker.get("/me").json()["person"]

    def dispatched() -> bool:
        return dispatcher.post(f"{path}/dispatch", {"technician": me}).status_code == 200

    soon("the technician is known", dispatched)
    worker.post(f"{path}/repair", {"notes": SECRET_WORDS, "photos": after})
    assert resident.post(f"{path}/accept").status_code == 200
    return {**order, "before": before, "after": after}


@pytest.fixture(scope="module")
def shown(site: Site, work: dict[str, Any]) -> dict[str, Any]:
    """Published by the dispatcher, on the order's own page."""
    office = site.person("dispatcher")
    order_page = f"/orders/{COMMUNITY}/{work['number']}"
    soon("the order is found", lambda: office.get(order_page).status == 200)
    way = f"{OFFICE}/{work['number']}/publish"
    assert way in {link.get("href") for link in office.get(order_page).all("a")}
    form = office.get(way).form("/publish")
    assert list(form.choices["photos"]) == work["after"]
    page = office.send(form, photos=work["after"][:1], caption=CAPTION)
    assert (page.status, "Published." in page.text) == (200, True), page.text
    soon("everybody sees it", partial(_sees, site.browser(), work))
    return work


def _sees(browser: Browser, work: dict[str, Any]) -> Page | None:
    page = browser.get(BOARD)
    return page if work["number"] in page.text else None


def picture(site: Site, work: dict[str, Any], photo: str) -> requests.Response:
    address = f"{site.url}{BOARD}/{work['number']}/photos/{photo}"
    return requests.get(address, timeout=20)


def office_acts(site: Site, work: dict[str, Any], act: str, **typed: str) -> Page:
    office = site.person("dispatcher")
    page = office.get(OFFICE)
    found = [one for one in page.forms if f"/{work['number']}/{act}" in one.action]
    return office.send(found[0], id=work["id"], **typed)


def flagged(site: Site, work: dict[str, Any], reason: str = "personal") -> Page:
    stranger = site.browser()
    form = stranger.get(f"{BOARD}/{work['number']}").form("/flag")
    return stranger.send(form, reason=reason)


def test_everybody_sees_the_work_its_chosen_photo_and_nobodys_words(
    site: Site, shown: dict[str, Any]
) -> None:
    page = site.browser().get(BOARD)
    assert "Plumbing" in page.headings
    assert CAPTION in page.text and "1号楼" in page.text and "Took" in page.text
    for hidden in ("张三", "13912345678", "1-101", "马师傅", "郑小芳"):
        assert hidden not in page.response.text
    assert not ids_in(page.text)
    assert "<b>" not in page.response.text
    images = [each["src"] for each in page.all("img") if shown["number"] in each["src"]]
    assert [one.split("?")[0].rpartition("/")[2] for one in images] == shown["after"][:1]


def test_only_the_chosen_photo_is_served_and_no_cache_keeps_it(
    site: Site, shown: dict[str, Any]
) -> None:
    chosen, other = shown["after"]
    found = picture(site, shown, chosen)
    assert found.headers["Content-Type"] == "image/jpeg"
    assert found.headers["Cache-Control"] == "no-store"
    for one in (other, shown["before"]):
        assert picture(site, shown, one).status_code == 404


def test_programs_see_the_same_without_a_token(site: Site, shown: dict[str, Any]) -> None:
    nobody = Program(site, None)
    assert COMMUNITY in nobody.get("/public-boards").json()["communities"]
    works = nobody.get(f"/communities/{COMMUNITY}/public-works").json()["works"]
    [mine] = [one for one in works if one["number"] == shown["number"]]
    assert mine["photos"] == shown["after"][:1]
    one = f"/communities/{COMMUNITY}/public-works/{shown['number']}"
    assert nobody.get(f"{one}/photos/{shown['after'][0]}").status_code == 200
    problem(nobody.get(f"{one}/photos/{shown['after'][1]}"), 404)
    problem(nobody.get(f"/communities/{COMMUNITY}/published-works"), 401)


def test_what_somebody_calls_unsuitable_is_hidden_and_gone_at_once(
    site: Site, shown: dict[str, Any]
) -> None:
    thanks = flagged(site, shown)
    assert "The office looks at it." in thanks.text
    office = site.person("dispatcher")

    def waits() -> Page | None:
        page = office.get(f"{OFFICE}?only=flagged")
        return page if shown["number"] in page.text else None

    page = soon("the office sees it", waits)
    assert "It shows people or private things × 1" in page.text

    page = office_acts(site, shown, "hide", reason="personal")
    assert "Hidden: nobody of the public sees it any more." in page.text
    assert picture(site, shown, shown["after"][0]).status_code == 404
    assert not _sees(site.browser(), shown)
    assert site.browser().get(f"{BOARD}/{shown['number']}").status == 404

    page = office_acts(site, shown, "restore")
    assert picture(site, shown, shown["after"][0]).status_code == 200
    assert _sees(site.browser(), shown)


def test_the_log_says_who_hid_it_and_nobody_who_flagged_it(
    site: Site, shown: dict[str, Any]
) -> None:
    auditor = site.person("auditor")

    def told() -> Page | None:
        page = auditor.get("/audit?type=workorders:PublishedWorkHidden")
        return page if "Hidden from the public" in page.text else None

    page = soon("the auditor finds it", told)
    assert shown["number"] in page.text
    flags = auditor.get("/audit?type=workorders:PublishedWorkFlagged").text
    assert "Called unsuitable by the public" in flags


def test_those_who_do_not_dispatch_there_release_nothing(site: Site, shown: dict[str, Any]) -> None:
    for login in ("resident1", "technician1"):
        assert site.person(login).get(OFFICE).status == 403
        form = site.person(login).get(f"{OFFICE}/{shown['number']}/publish").form("/publish")
        assert site.person(login).send(form, caption="x").status == 403
    stranger = site.browser().post(f"{OFFICE}/{shown['number']}/hide", {"id": shown["id"]})
    assert stranger.path.startswith("/login")


def test_a_form_of_another_site_flags_nothing(site: Site, shown: dict[str, Any]) -> None:
    page = site.browser().post(f"{BOARD}/{shown['number']}/flag", {"reason": "other"})
    assert page.status == 409
    stranger = site.browser()
    form = stranger.get(f"{BOARD}/{shown['number']}").form("/flag")
    refused = stranger.send(form, reason="because")
    assert (refused.status, refused.form("/flag").faults) == (400, set())
    assert "This is needed." in refused.text


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_nothing_is_wrong_with_the_boards_pages(
    chromium: Chromium, site: Site, shown: dict[str, Any], language: str
) -> None:
    pages = {
        None: (BOARD, f"{BOARD}/{shown['number']}"),
        "manager": (OFFICE, f"{OFFICE}/{shown['number']}/publish"),
    }
    assert not faults_of(chromium, site, pages, language)


def test_a_closed_board_shows_nothing(site: Site, shown: dict[str, Any]) -> None:
    board_is(site, open=False)
    assert site.browser().get(BOARD).status == 404
    assert picture(site, shown, shown["after"][0]).status_code == 404
    board_is(site, open=True)
    assert picture(site, shown, shown["after"][0]).status_code == 200


def test_an_address_that_flags_too_often_is_told_to_wait(site: Site, shown: dict[str, Any]) -> None:
    """The last of this file: the address is that of all these tests."""
    for _ in range(6):
        page = flagged(site, shown, "other")
        if page.status == 429:
            break
    assert page.status == 429
    assert "That was often from here." in page.text
