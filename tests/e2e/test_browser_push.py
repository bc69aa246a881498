"""Notifications on a device: asked for on a click, sent by a real push, opened by a click on them.

Chromium's own push service cannot be reached from here. So a stand-in for it gives out the
subscription, and what was sent to that is handed to the browser by its developer tools: everything
on the way there is real.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from playwright.sync_api import Browser as Chromium

from tests.support.chromium import Window, window
from tests.support.edge import Site, order_number, order_path
from tests.support.estate import soon
from tests.support.push_service import PushService, Subscribed, raw

# what a browser would get from its vendor
STAND_IN = """
(() => {
  const given = %s;
  const bytes = (name) => Uint8Array.from(given[name]).buffer;
  let held = JSON.parse(localStorage.getItem("test.push") ?? "null");
  const subscription = () => ({
    endpoint: given.endpoint,
    getKey: (name) => bytes(name),
    unsubscribe: async () => { localStorage.removeItem("test.push"); held = null; return true; },
  });
  PushManager.prototype.getSubscription = async () => (held ? subscription() : null);
  PushManager.prototype.subscribe = async (options) => {
    held = options;
    localStorage.setItem("test.push", JSON.stringify(options));
    return subscription();
  };
})();
"""


@pytest.fixture
def service() -> Iterator[PushService]:
    with PushService() as found:
        yield found


def stand_in(one: Window, browser: Subscribed) -> None:
    given: dict[str, Any] = {
        "endpoint": browser.endpoint,
        "p256dh": list(raw(browser.subscription["key"])),
        "auth": list(browser.auth),
    }
    one.context.add_init_script(STAND_IN % json.dumps(given))


def switched_on(one: Window, site: Site) -> None:
    page = one.page
    button = page.locator("#push form[action$='/subscribe'] button")
    soon("it is offered", lambda: one.go("/me") and button.count())
    assert page.evaluate("Notification.permission") == "default"
    one.context.grant_permissions(["notifications"], origin=site.url)
    button.click()
    page.locator("#push [data-when=on] button").wait_for()


def told(browser: Subscribed, number: str) -> dict[str, Any] | None:
    return next((one for one in browser.read if one["number"] == number), None)


def test_a_resident_is_told_on_the_device_and_comes_to_the_order_by_a_click(
    whole_chromium: Chromium, site: Site, service: PushService
) -> None:
    browser = service.subscribed()
    with window(whole_chromium, site, "resident3") as one:
        stand_in(one, browser)
        switched_on(one, site)
        assert not one.faults_anywhere()
        page = one.go("/me")
        page.locator("#push [data-when=on] button").wait_for()
        assert page.get_by_text("Devices that tell me").is_visible()

        report = site.report("resident3")
        office = site.person("dispatcher")
        form = office.get(order_path(report)).form("/decline")
        office.send(form, reason="cannot", note="...")
        number = order_number(report)
        content = soon("it is pushed", partial(told, browser, number))
        assert content["community"] == "lakeside"

        shown = _pushed(one, site, content)
        assert [each["tag"] for each in shown] == [content["id"]]
        assert shown[0]["body"] == content["text"]
        worker = one.context.service_workers[0]
        with page.expect_navigation(url=f"**/orders/lakeside/{number}"):
            worker.evaluate(
                """async () => {
                  const [notification] = await self.registration.getNotifications();
                  self.dispatchEvent(new NotificationEvent("notificationclick", { notification }));
                }"""
            )

        page = one.go("/me")
        page.locator("#push form[action$='/unsubscribe'] button").click()
        page.locator("#push form[action$='/subscribe'] button").wait_for()
        page = one.go("/me")
        assert not page.get_by_text("Devices that tell me").is_visible()


def _pushed(one: Window, site: Site, content: dict[str, Any]) -> list[dict[str, Any]]:
    """The notifications that the service worker shows once the browser was handed this."""
    tools = one.context.new_cdp_session(one.page)
    found: list[dict[str, Any]] = []
    tools.on("ServiceWorker.workerRegistrationUpdated", lambda e: found.extend(e["registrations"]))
    tools.send("ServiceWorker.enable")
    soon("the worker is known", lambda: one.page.wait_for_timeout(50) or found)
    push = {
        "origin": site.url,
        "registrationId": found[0]["registrationId"],
        "data": json.dumps(content),
    }
    one.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    tools.send("ServiceWorker.deliverPushMessage", push)
    ask = """async () => {
      const ready = await navigator.serviceWorker.ready;
      return (await ready.getNotifications()).map(({ tag, body }) => ({ tag, body }));
    }"""
    shown: list[dict[str, Any]] = soon("it is shown", lambda: one.page.evaluate(ask))
    return shown


def test_whoever_logs_out_is_not_told_on_that_device_any_more(
    whole_chromium: Chromium, site: Site, service: PushService
) -> None:
    browser = service.subscribed()
    own = site.browser()
    own.log_in("resident5", "wuye-demo")
    with window(whole_chromium, site) as one:
        stand_in(one, browser)
        one.context.add_cookies(
            [{"name": c.name, "value": c.value, "url": site.url} for c in own.session.cookies]
        )
        switched_on(one, site)
        page = one.go("/me")
        page.locator("input[name=push_endpoint]").wait_for(state="attached")
        page.locator("form[data-leave] button").click()
        page.wait_for_url("**/login")
        assert page.evaluate("localStorage.getItem('test.push')") is None
    later = site.person("resident5", "en")
    soon("it is gone", lambda: "Devices that tell me" not in later.get("/me").headings)


def test_a_device_is_taken_over_by_nobody_elses_log_in(
    whole_chromium: Chromium, site: Site, service: PushService
) -> None:
    browser = service.subscribed()
    with window(whole_chromium, site, "resident6", language="en") as one:
        stand_in(one, browser)
        switched_on(one, site)
        one.log_in(site, "resident7")
        page = one.go("/inbox")
        page.locator("#push form[action$='/subscribe'] button").wait_for()
        assert page.evaluate("localStorage.getItem('test.push')") is None
