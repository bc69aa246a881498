"""What every page keeps to: language, safety, ownership, words for people."""

from __future__ import annotations

import time

import pytest

from tests.support.browser import Page
from tests.support.edge import SCRIPT, Site, ids_in, order_number, order_path
from tests.support.estate import soon

PAGES = (
    "/login",
    "/orders",
    "/orders?tab=closed",
    "/report",
    "/report?kind=complaint",
    "/inbox",
    "/me",
)

# -- language -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accepts", "language", "welcome"),
    [
        ("en-GB,en;q=0.9", "en", "Welcome home"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-CN", "欢迎回家"),
        ("zh-TW", "zh-CN", "欢迎回家"),
        ("fr,en;q=0.5", "en", "Welcome home"),
        ("fr", "zh-CN", "欢迎回家"),
    ],
)
def test_a_page_is_in_a_language_the_browser_accepts(
    site: Site, accepts: str, language: str, welcome: str
) -> None:
    page = site.browser(accepts).get("/login")
    assert (page.language, welcome in page.headings) == (language, True)


def test_a_persons_own_language_comes_before_the_browsers(site: Site) -> None:
    browser = site.person("resident8", "zh-CN")
    browser.keep("wuye_language", None)
    assert browser.get("/orders").language == "en"


def test_the_switch_comes_before_all_and_stays_on_the_page(site: Site) -> None:
    browser = site.person("resident1", "zh-CN")
    page = browser.get("/orders?tab=rated")
    switched = browser.send(page.form("/language"), language="en")
    assert (switched.path, switched.language) == ("/orders?tab=rated", "en")


def test_the_switch_leads_back_to_a_page_from_a_form_that_was_not_taken(site: Site) -> None:
    path = order_path(site.report())
    dispatcher = site.person("dispatcher")
    failed = dispatcher.send(dispatcher.get(path).form("/dispatch"), technician="")
    assert failed.status == 400
    switched = dispatcher.send(failed.form("/language"), language="zh-CN")
    assert (switched.path, switched.status, switched.language) == (path, 200, "zh-CN")


# -- safety -------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [*PAGES, "/nowhere", "/healthz", "/static/frame.css"])
def test_every_answer_forbids_inline_scripts_frames_and_guessed_types(
    site: Site, path: str
) -> None:
    headers = site.person("resident1").get(path).response.headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert "script-src 'self';" in policy and "unsafe-" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("path", PAGES)
def test_no_page_is_kept_by_a_cache_or_carries_a_script_or_style_of_its_own(
    site: Site, path: str
) -> None:
    page = site.person("resident1").get(path)
    assert page.response.headers["Cache-Control"] == "private, no-cache"
    assert all(each.get("src", "").startswith("/static/") for each in page.all("script"))
    assert not page.all("style")
    assert not [
        tag for tag, attributes in page.tags if "style" in attributes or "onclick" in attributes
    ]


def test_what_people_wrote_is_text_and_never_markup(site: Site) -> None:
    path = order_path(site.report(description=SCRIPT))
    for login in ("resident1", "dispatcher", "auditor"):
        page = site.person(login).get(path)
        assert SCRIPT in page.text
        assert all("src" in each for each in page.all("script"))


def test_what_was_searched_for_is_text_and_never_markup(site: Site) -> None:
    page = site.person("dispatcher").get("/orders?search=<script>alert(1)</script>")
    assert page.status == 200
    assert all("src" in each for each in page.all("script"))


def test_static_files_are_kept_for_a_year_under_an_address_of_their_content(site: Site) -> None:
    page = site.browser().get("/login")
    linked = [each["href"] for each in page.all("link") if each["rel"] != "manifest"]
    for address in [*linked, *(each["src"] for each in page.all("script"))]:
        answer = site.browser().session.get(site.url + address, timeout=10)
        assert answer.status_code == 200
        assert "max-age=31536000" in answer.headers["Cache-Control"]
        assert "?v=" in address


# -- late views ---------------------------------------------------------------------------------


def test_a_list_that_does_not_yet_show_what_its_reader_did_says_so_in_time(site: Site) -> None:
    browser = site.person("resident1")
    browser.keep("wuye_seen", "workorders:900000000")
    browser.patient = False

    def in_time() -> Page | None:
        started = time.monotonic()
        page = browser.get("/orders")
        return page if page.status == 200 and time.monotonic() - started < 2.0 else None

    page = soon("it comes in time", in_time)
    assert "The newest changes may be missing for a moment" in page.text


# -- who may see what ---------------------------------------------------------------------------


def test_another_residents_order_is_like_one_that_does_not_exist(site: Site) -> None:
    page = site.report()
    number = order_number(page)
    other = site.person("resident2")

    shown = other.get(order_path(page))
    missing = other.get(order_path(page).replace(number, "R-2020-999999"))

    assert (shown.status, shown.text) == (404, missing.text)
    assert number not in other.get("/orders").text


def test_a_resident_can_do_nothing_of_the_offices(site: Site) -> None:
    page = site.report()
    path = order_path(page)
    assert not page.has_form("/dispatch") and not page.has_form("/decline")
    token = page.form("/cancel").text("csrf")

    tried = site.person("resident1").post(
        f"{path}/decline", {"csrf": token, "reason": "cannot", "note": "no"}
    )

    assert tried.status == 403
    assert site.person("dispatcher").get(path).has_form("/dispatch")


def test_another_resident_cannot_withdraw_what_is_not_theirs(site: Site) -> None:
    path = order_path(site.report())
    other = site.person("resident2")
    token = other.get("/report").form("/report").text("csrf")
    assert other.post(f"{path}/cancel", {"csrf": token}).status == 404
    assert site.person("resident1").get(path).has_form("/cancel")


def test_who_reports_nothing_is_offered_no_form_for_it(site: Site) -> None:
    auditor = site.person("auditor")
    assert "/report" not in {link["href"] for link in auditor.get("/orders").all("a")}
    assert auditor.get("/report").status == 403


@pytest.mark.parametrize("login", ["resident1", "dispatcher", "technician1", "auditor"])
def test_no_page_shows_an_id_where_people_expect_a_number_or_a_name(site: Site, login: str) -> None:
    path = site.dispatched()
    browser = site.person(login)
    for page in map(browser.get, ("/orders", path, "/inbox", "/me")):
        assert not ids_in(page.text), page.path
        assert not ids_in(page.path)
        for shown in ("placeholder", "title", "aria-label"):
            assert not [one for _, each in page.tags for one in ids_in(each.get(shown, ""))]
        for form in page.forms:
            for labels in form.choices.values():
                assert not ids_in(" ".join(one for one in labels if one != labels[one]))


# -- what is not there --------------------------------------------------------------------------


def test_an_address_that_does_not_exist_says_so_and_leads_on(site: Site) -> None:
    page = site.person("resident1", "zh-CN").get("/nowhere")
    assert (page.status, "没有找到" in page.headings) == (404, True)
    assert "/orders" in {link["href"] for link in page.all("a")}


def test_the_address_of_a_form_is_no_page(site: Site) -> None:
    page = site.person("resident1").get("/logout")
    assert (page.status, "Not this way" in page.headings) == (405, True)


def test_what_is_far_too_large_is_refused_unread(site: Site) -> None:
    """By a form that takes no photos: one that does makes room for them."""
    browser = site.browser()
    page = browser.send(browser.get("/login").form("/login"), password="漏" * 100_000)
    assert (page.status, "Too much at once" in page.headings) == (413, True)


# -- for machines -------------------------------------------------------------------------------


def test_health_is_told_without_a_log_in(site: Site) -> None:
    browser = site.browser()
    assert browser.get("/healthz").response.json() == {"status": "ok"}
    assert browser.get("/readyz").response.json() == {"status": "ok", "missing": {}}


def test_requests_are_counted_by_route_and_never_by_address(site: Site) -> None:
    number = order_number(site.report())
    told = site.browser().get("/metrics").response.text
    assert 'route="/orders/<community>/<number>"' in told
    assert number not in told
