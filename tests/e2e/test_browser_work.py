"""A technician's work, which goes on without a connection."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import parse_qs

from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Locator, Route, expect

from tests.support.browser import Browser
from tests.support.chromium import Window, window
from tests.support.edge import Site, order_number

QUEUE = "#queue li"
HAS_WORKER = """new Promise((ready) => navigator.serviceWorker.controller ? ready()
    : navigator.serviceWorker.addEventListener("controllerchange", () => ready()))"""


def at_work(one: Window) -> None:
    """On the page of work, all of which is on the device by now."""
    one.go("/")
    one.page.evaluate(HAS_WORKER)
    one.page.locator("html[data-kept]").wait_for()


def button(one: Window, act: str) -> Locator:
    return one.page.locator(f"form[action$='/{act}'] button.wide")


def repair(one: Window, notes: str) -> None:
    form = one.page.locator("form[action$='/repair']")
    one.page.locator(".other", has=form).locator("summary").click()
    form.locator("textarea").fill(notes)
    button(one, "repair").click()


def told(site: Site, path: str) -> list[str]:
    """What the order's page tells, newest first."""
    return site.person("technician1").get(path).below("What has happened", "Comments")


def test_work_is_read_and_done_without_a_connection_and_sent_once_when_it_is_back(
    chromium: Chromium, site: Site
) -> None:
    path = site.dispatched()
    with window(chromium, site, "technician1") as one:
        at_work(one)
        assert not one.faults()
        one.context.set_offline(True)

        one.page.reload()
        one.page.locator(f"a[href='{path}']").first.click()
        expect(one.page.locator(".title .meta")).to_contain_text(path.rpartition("/")[2])
        button(one, "start").click()
        expect(one.page.locator(QUEUE)).to_have_count(1)
        repair(one, "Done in the cellar")
        expect(one.page.locator(QUEUE)).to_have_count(2)
        assert not one.faults()
        one.go(path)
        assert one.page.locator("form[action$='/repair'] textarea").input_value() == ""
        assert told(site, path) == ["Dispatched to 马师傅", "Submitted"]

        sent: list[str] = []
        one.page.on("request", lambda request: sent.append(request.post_data or ""))
        connected = datetime.now(UTC)
        one.context.set_offline(False)
        expect(one.page.locator("#queue")).to_be_hidden()

    claimed = [parse_qs(body)["occurred_at"][0] for body in sent if "occurred_at" in body]
    assert [datetime.fromisoformat(time) < connected for time in claimed] == [True, True]
    assert told(site, path) == [
        "Reported as done", "Started", "Dispatched to 马师傅", "Submitted",
    ]  # fmt: skip


def test_an_act_whose_answer_was_lost_is_sent_again_and_done_once(
    chromium: Chromium, site: Site
) -> None:
    path = site.dispatched()

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    with window(chromium, site, "technician1") as one:
        one.go(path)
        one.page.route("**/start", lose_the_answer, times=1)
        button(one, "start").click()
        expect(one.page.locator(QUEUE)).to_have_count(1)
        assert told(site, path)[0] == "Started"

        one.page.reload()
        expect(one.page.locator("#queue")).to_be_hidden()
        one.complaints.clear()

    assert told(site, path).count("Started") == 1


def test_what_is_refused_later_says_why_and_stays_until_it_is_dropped(
    chromium: Chromium, site: Site
) -> None:
    path = site.dispatched()
    dispatcher = site.person("dispatcher")
    with window(chromium, site, "technician1") as one:
        one.go(path)
        one.context.set_offline(True)
        button(one, "start").click()
        expect(one.page.locator(QUEUE)).to_have_count(1)
        site.sent(dispatcher, path, "朱师傅", "transfer")

        one.context.set_offline(False)

        expect(one.page.locator(QUEUE)).to_contain_text("There is no such order")
        one.complaints.clear()
        one.page.get_by_role("button", name="Leave it").click()
        expect(one.page.locator("#queue")).to_be_hidden()


def test_nobody_logs_out_over_acts_that_were_not_sent(chromium: Chromium, site: Site) -> None:
    path = site.dispatched()
    with window(chromium, site, "technician1") as one:
        at_work(one)
        one.go(path)
        one.context.set_offline(True)
        button(one, "start").click()
        expect(one.page.locator(QUEUE)).to_have_count(1)
        one.page.route("**/orders/**/start", lambda route: route.abort())
        one.context.set_offline(False)
        one.go("/me")
        one.page.locator("form[action='/logout'] button").click()
        expect(one.page.locator(QUEUE)).to_be_visible()
        assert one.page.url.endswith("/me")
        one.complaints.clear()


def test_stars_put_an_order_first_on_the_way(site: Site) -> None:
    path = site.dispatched()
    name = path.removeprefix("/orders/")
    technician = site.person("technician1")

    starred = technician.post("/work/star", {"csrf": csrf_of(technician), "order": name})

    assert starred.headings[1] == "Starred"
    links = [each["href"] for each in starred.all("a") if each.get("data-keep")]
    assert (links[0], links.count(path)) == (path, 1)
    again = technician.post("/work/star", {"csrf": csrf_of(technician), "order": name})
    assert "Starred" not in again.headings


def csrf_of(browser: Browser) -> str:
    return browser.get("/me").form("/logout").text("csrf")


def test_my_work_is_for_technicians(site: Site) -> None:
    assert site.person("resident1").get("/work").status == 403
    assert site.person("technician1").get("/").path == "/work"


def test_the_site_can_be_installed_as_an_app(site: Site) -> None:
    browser = site.person("resident1", "zh-CN")
    address = next(
        each["href"] for each in browser.get("/orders").all("link") if each["rel"] == "manifest"
    )
    manifest = browser.session.get(site.url + address, timeout=10).json()

    assert (manifest["name"], manifest["display"]) == ("物业", "standalone")
    assert {icon["sizes"] for icon in manifest["icons"]} == {"192x192", "512x512"}
    for icon in manifest["icons"]:
        answer = browser.session.get(site.url + icon["src"], timeout=10)
        assert answer.content.startswith(b"\x89PNG")
    worker = browser.session.get(f"{site.url}/worker.js", timeout=10)
    assert worker.headers["Content-Type"].startswith("text/javascript")


def test_a_web_view_without_workers_or_storage_still_does_it_all(
    chromium: Chromium, site: Site
) -> None:
    path = site.dispatched()
    with window(chromium, site, "technician1") as one:
        one.page.add_init_script(
            "delete Navigator.prototype.serviceWorker; delete Navigator.prototype.locks;"
            "Object.defineProperty(window, 'localStorage', { get() { throw new Error('none') } });"
        )
        one.go(path)
        button(one, "start").click()
        one.page.get_by_text("Work has begun.").wait_for()
        assert order_number(site.person("technician1").get(path)) in one.page.title()
