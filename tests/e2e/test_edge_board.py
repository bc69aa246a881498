"""The dispatchers' board: by the clock of what was promised, with somebody suggested, and live."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Locator, expect

from tests.integration.cli.wuye import Wuye
from tests.support.browser import Browser, Page
from tests.support.chromium import DESKTOP, PHONE, Window, window
from tests.support.edge import Site, ids_in, order_number, order_path
from tests.support.estate import soon

TECHNICIAN = "朱师傅"
CATEGORY = "appliance"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One of its own: whom the rules choose hangs on all that others ever did to technicians."""
    wuye = Wuye(tmp_path_factory.mktemp("board"))
    with wuye.running():
        yield Site(json.loads((wuye.folder / "edge.json").read_text())["url"], wuye.folder)


@pytest.fixture(scope="module")
def on_duty(site: Site) -> Iterator[str]:
    """One technician who can do it and is on shift, until the end."""
    who = next(
        one["person"]
        for one in site.ask("manager", "security.people", community="lakeside", search=TECHNICIAN)[
            "people"
        ]
    )
    now = datetime.now(UTC)
    starts, ends = (now - timedelta(hours=1)).isoformat(), (now + timedelta(hours=6)).isoformat()
    site.tell(
        "manager", "workorders.plan_shifts", person=who, shifts=[{"starts": starts, "ends": ends}]
    )
    site.tell("manager", "workorders.record_skill", person=who, skill=CATEGORY, level=3)
    yield who
    site.tell("manager", "workorders.withdraw_skill", person=who, skill=CATEGORY)


def reported(site: Site) -> Page:
    return site.report("resident1", category=CATEGORY, description="热水器不出热水")


def shows(browser: Browser, path: str, text: str) -> Page:
    return soon(f"{path} shows {text}", lambda: _with(browser.get(path), text))


def _with(page: Page, text: str) -> Page | None:
    return page if text in page.text else None


def suggested(page: Page, number: str) -> dict[str, str] | None:
    """What the button beside this order sends."""
    return next(
        (
            {name: values[0] for name, values in form.fields.items()}
            for form in page.forms
            if form.action.startswith("/board/send") and form.text("order").endswith(f" {number}")
        ),
        None,
    )


def test_who_is_suggested_is_sent_with_one_click(site: Site, on_duty: str) -> None:
    report = reported(site)
    number = order_number(report)
    dispatcher = site.person("dispatcher")

    def with_somebody() -> Page | None:
        """A page that could not have the answer in its time is without it."""
        page = dispatcher.get(f"/board?category=repair:{CATEGORY}")
        return page if suggested(page, number) is not None else None

    board = soon("somebody is suggested", with_somebody)
    assert f"Suggested: {TECHNICIAN}" in board.text
    assert "the only one who can" in board.text
    asked = suggested(board, number)
    assert asked is not None

    sent = dispatcher.post("/board/send", {**asked, "technician": on_duty})

    assert f"{number}: dispatched." in sent.text
    assert sent.path.startswith("/board?")
    order = site.ask("dispatcher", "workorders.get", community="lakeside", number=number)
    assert order["technician"] == on_duty
    again = dispatcher.post("/board/send", {**asked, "technician": on_duty, "command_id": ""})
    assert again.status == 409
    assert f"{number}: A technician was sent already" in again.text


def test_why_nobody_is_suggested_is_said_too(site: Site, on_duty: str) -> None:
    number = order_number(site.report("resident1", category="lift", description="电梯停了"))
    page = shows(site.person("dispatcher"), "/board?category=repair:lift", number)
    assert "Nobody can be suggested: 3 without the skill." in page.text
    assert not ids_in(page.text)


@pytest.fixture(scope="module")
def quick(site: Site) -> Iterator[None]:
    """Heating is promised within a minute, at any hour; afterwards as it was."""
    levels = site.ask("manager", "workorders.service_levels", community="lakeside")["targets"]
    soon_due = {
        "target": "respond",
        "minutes": 1,
        "time": "calendar",
        "kind": "repair",
        "category": "heating",
    }
    rules = [soon_due, *levels["rules"]]
    stopping = levels["stopping"]
    for given in (rules, levels["rules"]):
        site.tell(
            "manager",
            "workorders.set_targets",
            community="lakeside",
            rules=[{name: v for name, v in rule.items() if v is not None} for rule in given],
            stopping=stopping,
        )
        if given is rules:
            yield


def test_overdue_is_what_the_clock_says(site: Site, quick: None) -> None:
    """Reported by phone a moment ago, and only now written down."""
    numbers = {}
    for minutes in (0, 2):
        happened = datetime.now(UTC) - timedelta(minutes=minutes)
        order = site.tell(
            "dispatcher",
            "workorders.submit",
            community="lakeside",
            kind="repair",
            category="heating",
            description="暖气不热",
            channel="phone",
            accepter=site.ask("supervisor", "security.me")["person"],
            occurred_at=happened.isoformat(),
        )
        numbers[minutes] = order["number"]
    dispatcher = site.person("dispatcher")
    page = shows(dispatcher, "/board?wait=overdue&category=repair:heating", numbers[2])
    assert numbers[0] not in page.text
    assert "Overdue" in page.text and "Dispatch: by " in page.text
    shows(dispatcher, "/board?category=repair:heating", numbers[0])
    assert numbers[2] not in dispatcher.get("/board?wait=at_risk").text


def lane(one: Window, name: str) -> Locator:
    return one.page.locator("section", has=one.page.locator(f"#lane-{name}"))


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_what_comes_in_shows_by_itself_and_nothing_chosen_is_lost(
    chromium: Chromium, site: Site, on_duty: str, size: dict[str, int], language: str
) -> None:
    with window(chromium, site, "dispatcher", size=size, language=language) as one:
        page = one.go(f"/board?category=repair:{CATEGORY}")
        page.evaluate("window.stillTheSame = true")
        first = reported(site)
        row = lane(one, "submitted").locator("li", has_text=order_number(first))
        expect(row).to_be_visible()
        assert (one.faults(), one.widest()) == ([], 0)

        row.locator("input[type=checkbox]").check()
        second = reported(site)
        expect(page.locator("#changed")).to_be_visible()
        expect(row.locator("input[type=checkbox]")).to_be_checked()
        other = lane(one, "submitted").locator("li", has_text=order_number(second))
        expect(other).to_have_count(0)
        row.locator("input[type=checkbox]").uncheck()
        expect(other).to_be_visible()
        expect(row.locator("input[type=checkbox]")).to_be_focused()
        expect(page.locator("#changed")).to_be_hidden()
        assert page.evaluate("window.stillTheSame")

        row.locator(".suggested button").click()
        expect(page.locator(".notice.good")).to_be_visible()
        # whose hands are full is suggested for nothing more
        resident = site.person("resident1")
        for report in (first, second):
            resident.send(resident.get(order_path(report)).form("/cancel"))
