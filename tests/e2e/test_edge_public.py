"""Without a log-in: what a QR sign and a receipt allow, and what they do not show."""

from __future__ import annotations

import re
from functools import partial

import pytest
from playwright.sync_api import Browser as Chromium

from tests.support.browser import Browser, Form, Page
from tests.support.chromium import faults_of
from tests.support.edge import Site, ids_in
from tests.support.estate import soon

HOME = "1号楼 1-101"
SECRET_WORDS = "Nobody else is to read this: 张三"


def sign(site: Site, label: str = HOME) -> str:
    """The address on the sign of this place."""
    page = site.person("dispatcher").get("/signs?of=1号楼")
    return next(each["href"] for each in page.all("a") if each.get("aria-label") == label)


def asked(page: Page) -> Form:
    """The form of a sign's page."""
    return next(form for form in page.forms if form.action.startswith("/q/"))


def reported(site: Site, stranger: Browser) -> Page:
    form = asked(stranger.get(sign(site)))
    page = stranger.send(form, category="lift", description=SECRET_WORDS)
    return soon("the receipt is shown", partial(_receipt, stranger, page))


def _receipt(stranger: Browser, page: Page) -> Page | None:
    shown = stranger.get(page.path)
    return shown if shown.status == 200 and "Your code" in shown.headings else None


@pytest.fixture(scope="module")
def receipt(site: Site) -> Page:
    return reported(site, site.browser())


def number_in(page: Page) -> str:
    found = re.search(r"R-\d{4}-\d{6}", page.text)
    assert found, page.text
    return found[0]


def test_a_sign_takes_a_report_without_a_log_in_and_the_office_sees_where_from(
    site: Site, receipt: Page
) -> None:
    number = number_in(receipt)
    order = site.person("dispatcher").get(f"/orders/lakeside/{number}")
    assert SECRET_WORDS in order.text
    assert "QR code" in order.text and HOME in order.text
    assert order.has_form("/dispatch")


def test_a_receipt_shows_what_becomes_of_it_and_nobodys_words_or_names(
    site: Site, receipt: Page
) -> None:
    number = number_in(receipt)
    dispatcher = site.person("dispatcher")
    form = dispatcher.get(f"/orders/lakeside/{number}").form("/dispatch")
    dispatcher.send(form, technician=form.choice("technician", "马师傅"))

    shown = site.browser().get(receipt.path.partition("?")[0])

    assert "a technician will see to it" in shown.headings
    for hidden in (SECRET_WORDS, "马师傅", "郑小芳"):
        assert hidden not in shown.response.text
    assert not ids_in(shown.text)


def test_a_receipt_is_found_by_its_code_and_a_wrong_one_is_not(site: Site, receipt: Page) -> None:
    code = receipt.path.partition("?")[0].rpartition("/")[2]
    stranger = site.browser()
    found = stranger.get("/follow", params={"code": code.lower().replace("-", " ")})
    assert number_in(found) in code
    wrong = stranger.get("/follow", params={"code": code[:-1] + ("A" if code[-1] != "A" else "B")})
    assert (wrong.status, "There is no report with this code" in wrong.text) == (404, True)


def test_a_code_that_is_on_no_sign_leads_nowhere(site: Site) -> None:
    path = sign(site)
    stranger = site.browser()
    assert stranger.get(path[:-2] + "AA").status == 404
    token = asked(stranger.get(path)).text("csrf")
    form = {"csrf": token, "category": "lift", "description": "x", "kind": "repair"}
    assert stranger.post(path[:-2] + "AA", form).status == 404


def test_a_form_of_another_site_reports_nothing_from_a_sign(site: Site) -> None:
    stranger = site.browser()
    refused = stranger.post(sign(site), {"category": "lift", "description": "Forged"})
    assert (refused.status, asked(refused).text("description")) == (409, "Forged")


def test_who_lives_there_can_report_in_their_own_name_instead(site: Site) -> None:
    path = sign(site)
    offered = {link["href"] for link in site.person("resident1").get(path).all("a")}
    own = next(each for each in offered if each.startswith("/report?"))
    form = site.person("resident1").get(own).form("/report")
    assert form.text("place") in own.replace("%3A", ":")
    elsewhere = site.person("resident8").get(path).all("a")
    assert not [each for each in elsewhere if each["href"].startswith("/report?")]


def test_signs_are_the_offices_to_print(site: Site) -> None:
    assert site.person("resident1").get("/signs").status == 403
    page = site.person("dispatcher").get("/signs?of=2号楼")
    labels = [each["aria-label"] for each in page.all("a") if each["href"].startswith("/q/")]
    assert labels[0] == "2号楼, shared parts" and len(labels) == 7


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_nothing_is_wrong_with_the_pages_for_everybody(
    chromium: Chromium, site: Site, receipt: Page, language: str
) -> None:
    nobodys = (sign(site), "/follow", receipt.path, "/login", "/no-connection")
    pages = {None: nobodys, "dispatcher": ("/signs?of=1号楼",)}
    assert not faults_of(chromium, site, pages, language)


@pytest.mark.parametrize(("language", "answered"), [("en", "Our answer"), ("zh-CN", "我们的答复")])
def test_a_question_from_a_sign_is_answered_behind_its_receipt(
    site: Site, language: str, answered: str
) -> None:
    stranger = site.browser(language)
    path = sign(site)
    empty = stranger.send(asked(stranger.get(f"{path}?kind=question")), text=" ")
    assert empty.status == 400 and asked(empty).text("kind") == "question"
    sent = stranger.send(asked(empty), text=SECRET_WORDS)
    code = sent.path.partition("?")[0]
    number = re.search(r"Q-\d{4}-\d{6}", code)
    assert number, code
    soon("the receipt is shown", lambda: stranger.get(sent.path).status == 200)
    office = site.person("dispatcher", language)
    page = office.get(f"/inquiries/lakeside/{number[0]}")
    assert SECRET_WORDS in page.text
    office.send(page.form("/answer"), answer="每年四月清洗。")
    shown = stranger.get(code)
    assert answered in shown.headings and "每年四月清洗。" in shown.text
    for hidden in (SECRET_WORDS, "郑小芳"):
        assert hidden not in shown.response.text
    office.send(office.get(page.path).form("/convert"), category="repair.plumbing")
    order = next(each["href"] for each in stranger.get(code).all("a") if "-R-" in each["href"])
    assert stranger.get(order).status == 200, "what became of it is followed from there"


def test_an_address_that_reports_too_often_is_told_to_wait_and_keeps_what_was_typed(
    site: Site,
) -> None:
    """The last of this file: the address is that of all these tests."""
    stranger = site.browser()
    path = sign(site)
    for _ in range(6):
        page = stranger.send(asked(stranger.get(path)), category="lift", description="again")
        if page.status == 429:
            break
    assert page.status == 429
    assert "That was often from here." in page.text
    assert asked(page).text("description") == "again"
