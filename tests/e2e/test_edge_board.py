"""The dispatchers' board: by the clock of what was promised, with somebody suggested, and live."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Locator, expect

from tests.integration.cli.wuye import Wuye
from tests.support.browser import Page
from tests.support.chromium import DESKTOP, PHONE, Window, window
from tests.support.edge import Site, ids_in, order_number, order_path, shows
from tests.support.estate import soon

TECHNICIAN = "朱师傅"
CATEGORY = "lift"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One of its own: whom the rules choose hangs on all that others ever did to technicians."""
    wuye = Wuye(tmp_path_factory.mktemp("board"))
    with wuye.running():
        yield Site(json.loads((wuye.folder / "edge.json").read_text())["url"], wuye.folder)


@pytest.fixture(scope="module")
def on_duty(site: Site) -> str:
    """The one technician who can do it, on shift now whatever the hour."""
    who = next(
        one["person"]
        for one in site.ask("manager", "security.people", community="lakeside", search=TECHNICIAN)[
            "people"
        ]
    )
    now = datetime.now(UTC)
    starts, ends = now - timedelta(hours=1), now + timedelta(hours=6)
    for shift in site.ask("manager", "workorders.staff_record", person=who)["shifts"]:
        if datetime.fromisoformat(shift["starts"]) < ends:
            site.tell("manager", "workorders.withdraw_shift", person=who, shift=shift["id"])
    shifts = [{"starts": starts.isoformat(), "ends": ends.isoformat()}]
    site.tell("manager", "workorders.plan_shifts", person=who, shifts=shifts)
    return str(who)


def reported(site: Site) -> Page:
    return site.report("resident1", category=CATEGORY, description="电梯异响")


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
    people = site.ask("manager", "security.people", community="lakeside", search="马师傅")["people"]
    able = people[0]["person"]
    site.tell("manager", "workorders.withdraw_skill", person=able, skill="wall_ceiling")
    report = site.report("resident1", category="wall_ceiling", description="天花板有水渍")
    number = order_number(report)
    board = "/board?category=repair:wall_ceiling"
    page = shows(site.person("dispatcher"), board, "Nobody can be suggested: 3 without the skill.")
    assert number in page.text
    assert not ids_in(page.text)


def test_a_newcomers_crew_is_there_at_any_hour_and_an_automatic_category_is_given_out(
    site: Site,
) -> None:
    report = site.report("resident3", category="heating", description="暖气不热")
    number = order_number(report)

    def sent() -> dict[str, Any] | None:
        order = site.ask("dispatcher", "workorders.get", community="lakeside", number=number)
        return order if order["state"] == "dispatched" else None

    soon("somebody is sent", sent)
    assert "Why this person" in site.person("dispatcher").get(order_path(report)).text


@pytest.fixture(scope="module")
def quick(site: Site) -> Iterator[None]:
    """Help with appliances is promised within ten minutes, at any hour; afterwards as it was."""
    levels = site.ask("manager", "workorders.service_levels", community="lakeside")["targets"]
    soon_due = {
        "target": "respond",
        "minutes": 10,
        "time": "calendar",
        "kind": "repair",
        "category": "appliance",
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
    for minutes in (0, 12):
        happened = datetime.now(UTC) - timedelta(minutes=minutes)
        order = site.tell(
            "dispatcher",
            "workorders.submit",
            community="lakeside",
            kind="repair",
            category="appliance",
            description="热水器不出热水",
            channel="phone",
            accepter=site.ask("supervisor", "security.me")["person"],
            occurred_at=happened.isoformat(),
        )
        numbers[minutes] = order["number"]
    dispatcher = site.person("dispatcher")
    page = shows(dispatcher, "/board?wait=overdue&category=repair:appliance", numbers[12])
    assert numbers[0] not in page.text
    assert "Overdue" in page.text and "Dispatch: by " in page.text
    shows(dispatcher, "/board?category=repair:appliance", numbers[0])
    assert numbers[12] not in dispatcher.get("/board?wait=at_risk").text
    risky = shows(site.person("supervisor"), "/board/at-risk", numbers[12])
    late = risky.text.partition(numbers[12])[2].partition("R-20")[0]
    assert re.search(r"Dispatch: overdue by \d+ min · due ", late), risky.text
    assert numbers[0] not in risky.text and "1 overdue" in risky.text


def lane(one: Window, name: str) -> Locator:
    return one.page.locator("section", has=one.page.locator(f"#lane-{name}"))


@pytest.mark.parametrize(
    ("language", "size"), [("zh-CN", PHONE), ("en", DESKTOP)], ids=["phone", "desktop"]
)
def test_what_comes_in_shows_by_itself_and_nothing_chosen_is_lost(
    chromium: Chromium, site: Site, on_duty: str, size: dict[str, int], language: str
) -> None:
    with window(chromium, site, "dispatcher", size=size, language=language) as one:
        page = one.go(f"/board?category=repair:{CATEGORY}")
        page.evaluate("window.stillTheSame = true")
        first = reported(site)
        row = lane(one, "submitted").locator("li", has_text=order_number(first))
        expect(row).to_be_visible()
        assert one.faults_anywhere() == []

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

        suggested = row.locator(".suggested button")
        soon("somebody is suggested", lambda: suggested.count() or (page.reload() and None))
        suggested.click()
        expect(page.locator(".notice.good")).to_be_visible()
        # whose hands are full is suggested for nothing more
        resident = site.person("resident1")
        for report in (first, second):
            resident.send(resident.get(order_path(report)).form("/cancel"))
