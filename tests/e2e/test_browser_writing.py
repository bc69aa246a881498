"""What people write is kept for them, and what they look at keeps itself up to date."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from cli.community import PASSWORD
from tests.support.chromium import Window, window
from tests.support.edge import Site, order_path

TYPED = "The tap in the kitchen drips"
REPORT = "form[action='/report'] button.wide"


def written(one: Window) -> str:
    return one.go("/report").locator("textarea").input_value()


def dispatch(site: Site, path: str) -> None:
    site.sent(site.person("dispatcher"), path)


def test_an_open_page_shows_what_others_do_without_being_loaded_again(
    chromium: Browser, site: Site
) -> None:
    path = order_path(site.report())
    with window(chromium, site, "resident1") as order, window(chromium, site, "resident1") as rows:
        page, listed = order.go(path), rows.go("/orders")
        page.evaluate("window.stillTheSame = true")

        dispatch(site, path)

        expect(page.locator(".title .pill")).to_have_text("Technician assigned")
        assert page.evaluate("window.stillTheSame")
        row = listed.locator("li.row", has=listed.locator(f"a[href='{path}']"))
        expect(row.locator(".pill")).to_have_text("Technician assigned")


def test_nothing_is_taken_out_of_the_hands_of_somebody_who_is_writing(
    chromium: Browser, site: Site
) -> None:
    path = site.dispatched()
    with window(chromium, site, "technician1") as one:
        page = one.go(path)
        notes = page.locator("form[action$='/repair'] textarea")
        page.locator(".other", has=notes).locator("summary").click()
        notes.fill("half a sente")
        technician = site.person("technician1")

        technician.send(technician.get(path).form("/start"))

        expect(page.get_by_text("Something has changed here meanwhile.")).to_be_visible()
        assert notes.input_value() == "half a sente"


def test_what_was_typed_without_a_connection_is_kept_and_sent_when_asked_alone(
    chromium: Browser, site: Site
) -> None:
    with window(chromium, site, "resident4") as one:
        page = one.go("/report")
        page.locator("[name=category][value=plumbing]").check()
        page.locator("textarea").fill(TYPED)
        one.context.set_offline(True)
        page.locator(REPORT).click()
        expect(page.get_by_text("There is no connection.")).to_be_visible()
        page.close()

        one.context.set_offline(False)
        page = one.page = one.context.new_page()
        assert written(one) == TYPED
        assert page.locator("[name=category][value=plumbing]").is_checked()
        assert TYPED not in site.person("resident4").get("/orders").text

        page.locator(REPORT).click()
        page.get_by_text("Thank you. We have your report").wait_for()
        assert written(one) == ""


def test_a_draft_can_be_thrown_away_and_is_nobody_elses(chromium: Browser, site: Site) -> None:
    with window(chromium, site, "resident5") as one:
        one.go("/report").locator("textarea").fill(TYPED)
        assert written(one) == TYPED
        one.log_in(site, "resident6")
        assert written(one) == ""

        one.log_in(site, "resident5")
        assert written(one) == TYPED
        one.page.get_by_role("button", name="Discard it").click()
        assert written(one) == ""


def test_logging_out_leaves_no_draft_on_the_device(chromium: Browser, site: Site) -> None:
    with window(chromium, site) as one:
        one.go("/login").locator("#login").fill("resident9")
        one.page.locator("#password").fill(PASSWORD)
        one.page.get_by_role("button", name="Log in").click()
        one.page.wait_for_url("**/orders")
        one.go("/report").locator("textarea").fill(TYPED)
        one.go("/me").locator("form[action='/logout'] button").click()
        one.page.wait_for_url("**/login")
        assert one.page.evaluate("Object.keys(localStorage)") == []


def test_what_was_typed_survives_the_end_of_the_session(site: Site) -> None:
    resident = site.person("resident10")
    form = resident.get("/report?kind=complaint").form("/report")
    resident.keep("wuye_session", None)
    resident.keep("wuye_session.1", None)
    resident.session.headers["Origin"] = site.url

    asked = resident.send(form, category="noise", description=TYPED)
    assert asked.status == 401
    wrong = resident.send(asked.form("/report"), resume_login="resident10", resume_password="no")
    assert wrong.status == 401
    shown = resident.send(
        wrong.form("/report"), resume_login="resident10", resume_password=PASSWORD
    )

    again = shown.form("/report")
    assert (again.text("description"), again.text("category")) == (TYPED, "noise")
    assert "Look it over and send it again." in shown.text
    assert "We have your report" in resident.send(again).text


def test_a_form_of_another_site_leaves_nothing_behind_at_the_log_in(site: Site) -> None:
    stranger = site.browser()
    stranger.session.headers["Origin"] = "https://evil.example"
    page = stranger.post("/report", {"category": "noise", "description": TYPED})
    assert page.path.startswith("/login")
    assert TYPED not in page.response.text
