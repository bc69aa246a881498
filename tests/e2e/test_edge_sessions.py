"""Logging in and out, and what keeps a session its owner's."""

from __future__ import annotations

import re

import pytest

from cli.community import PASSWORD
from tests.support.browser import Browser, Page
from tests.support.edge import Site
from tests.support.estate import soon

WRONG = "not-the-password"


def numbers(page: Page) -> list[str]:
    """The numbers of the orders on it; what else it says changes with the time."""
    return re.findall(r"[RC]-\d{4}-\d{6}", page.text)


def logged_in(page: Page) -> bool:
    return page.path == "/orders" and not page.has_form("/login")


def test_a_wrong_password_says_so_and_keeps_the_log_in_name_alone(site: Site) -> None:
    page = site.browser().log_in("resident2", WRONG)
    assert page.status == 401
    assert "The log-in name or the password is wrong." in page.text
    assert page.form("/login").text("login") == "resident2"
    assert WRONG not in page.response.text


def test_a_log_in_name_nobody_has_is_answered_like_a_wrong_password(site: Site) -> None:
    unknown = site.browser().log_in("nobody-at-all", WRONG)
    assert (unknown.status, "The log-in name or the password is wrong." in unknown.text) == (
        401,
        True,
    )


def test_who_guesses_is_told_when_the_next_try_is_possible(site: Site) -> None:
    browser, login = site.browser("zh-CN"), "resident11"  # no other test needs them
    pages = [browser.log_in(login, WRONG) for _ in range(6)]
    assert [page.status for page in pages] == [401] * 5 + [429]
    assert "失败次数过多，请在15分钟后再试。" in pages[-1].text
    assert browser.log_in(login, PASSWORD).status == 429


def test_cookies_are_for_this_site_and_not_for_scripts(site: Site) -> None:
    browser = site.browser()
    browser.log_in("resident2", PASSWORD)
    form = browser.get("/report").form("/report")
    browser.send(form, category="lift", description="It hums")
    browser.post("/language", {"language": "en"})

    cookies = {cookie.name: cookie for cookie in browser.session.cookies}

    assert {"wuye_session", "wuye_seen", "wuye_language"} <= set(cookies)
    for cookie in cookies.values():
        assert cookie.has_nonstandard_attr("HttpOnly"), cookie
        assert cookie.get_nonstandard_attr("SameSite") == "Lax", cookie
        assert not cookie.secure, "on loopback there is no TLS"


def test_cookies_are_secure_where_the_site_is_not_on_loopback(site: Site) -> None:
    answer = site.browser().get("/login", Host="wuye.example.org").response
    assert "; Secure;" in answer.headers["Set-Cookie"]


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "javascript:alert(1)",
        "/\t/x",
    ],
)
def test_logging_in_leads_to_no_other_site(site: Site, elsewhere: str) -> None:
    browser = site.browser()
    form = browser.get("/login").form("/login")
    answer = browser.send(
        form, follow=False, next=elsewhere, login="resident2", password=PASSWORD
    ).response
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")


def test_the_language_switch_leads_to_no_other_site(site: Site) -> None:
    switched = site.browser().post(
        "/language", {"language": "en", "next": "//evil.example/"}, follow=False
    )
    assert switched.response.headers["Location"] == "/"


def test_who_is_not_logged_in_is_asked_to_and_then_led_to_where_they_wanted_to_go(
    site: Site,
) -> None:
    browser = site.browser()
    asked = browser.get("/orders?tab=repaired")
    page = browser.send(asked.form("/login"), login="resident2", password=PASSWORD)
    assert page.path == "/orders?tab=repaired"


def test_a_session_that_was_ended_elsewhere_says_so_and_leads_back(site: Site) -> None:
    here, there = site.browser(), site.browser()
    here.log_in("resident3", PASSWORD)
    there.session.cookies.update(here.session.cookies)
    there.send(there.get("/me").form("/logout"))

    over = soon("the news of it is there", lambda: ended(here.get("/orders?tab=rated")))

    assert "Your session is over. Please log in again." in over.text
    assert over.form("/login").text("next") == "/orders?tab=rated"


def test_logging_out_forgets_the_session(site: Site) -> None:
    browser = site.browser()
    browser.log_in("resident3", PASSWORD)
    out = browser.send(browser.get("/me").form("/logout"))
    assert out.path == "/login"
    assert browser.get("/orders").has_form("/login")


def test_a_session_that_was_tampered_with_is_nobodys(site: Site) -> None:
    browser = site.person("resident1")
    kept = browser.session.cookies["wuye_session"]
    swapped = "B" if kept[40] == "A" else "A"
    browser.keep("wuye_session", kept[:40] + swapped + kept[41:])
    assert browser.get("/orders").has_form("/login")


def ended(page: Page) -> Page | None:
    return page if page.has_form("/login") else None


# -- forms of other sites -----------------------------------------------------------------------


@pytest.fixture(params=["missing", "of another session"])
def token(request: pytest.FixtureRequest, site: Site) -> str:
    if request.param == "missing":
        return ""
    return site.person("resident2").get("/report").form("/report").text("csrf")


def test_a_form_without_the_sessions_token_does_nothing_and_keeps_what_was_typed(
    site: Site, token: str
) -> None:
    resident = site.person("resident1")
    before = numbers(resident.get("/orders"))
    form = resident.get("/report").form("/report")

    refused = resident.send(form, csrf=token, category="lift", description="Forged")

    assert refused.status == 409
    assert "This page was from an earlier session." in refused.text
    assert refused.form("/report").text("description") == "Forged"
    assert numbers(resident.get("/orders")) == before


def test_nobody_is_logged_in_by_a_form_of_another_site(site: Site) -> None:
    browser = site.browser()
    refused = browser.post("/login", {"login": "resident2", "password": PASSWORD})
    assert refused.status == 409
    assert browser.get("/orders").has_form("/login")


def test_nobody_is_logged_out_by_a_form_of_another_site(site: Site) -> None:
    browser = site.person("resident1")
    assert browser.post("/logout", {}).status == 409
    assert logged_in(browser.get("/orders"))


# -- the demo's log-ins -------------------------------------------------------------------------


def try_as(browser: Browser, login: str) -> Page:
    return browser.send(browser.get("/").form("/demo"), login=login)


def test_a_newcomer_sees_what_to_try_and_is_in_with_one_click(site: Site) -> None:
    door = site.browser().get("/")
    assert "Try it out" in door.headings
    offered = [each["value"] for each in door.all("button") if each.get("name") == "login"]
    assert offered == [
        "resident1", "dispatcher", "technician1", "manager",
        "accountant", "guard", "committee", "auditor", "admin",
    ]  # fmt: skip
    assert logged_in(try_as(site.browser(), "resident1"))


def test_a_demo_log_in_needs_the_form_of_the_page(site: Site) -> None:
    browser = site.browser()
    assert browser.post("/demo", {"login": "resident1"}).status == 409
    assert browser.get("/orders").has_form("/login")


def test_nobody_but_those_offered_is_logged_in_without_a_password(site: Site) -> None:
    assert try_as(site.browser(), "supervisor").status == 404


def test_there_is_no_log_in_without_a_password_where_there_is_no_demo_community(
    empty_site: Site,
) -> None:
    browser = empty_site.browser()
    door = browser.get("/login")
    assert door.has_form("/login") and not door.has_form("/demo")
    token = door.form("/login").text("csrf")
    assert browser.post("/demo", {"csrf": token, "login": "resident1"}).status == 404
