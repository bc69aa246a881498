"""Every page of the staff's in a real browser: at both sizes, by day and by night."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser

from tests.support.asking import ask, order
from tests.support.chromium import DESKTOP, PHONE, faults_of, window
from tests.support.edge import COMMUNITY, Site
from tests.support.estate import soon

PAGES = {
    "dispatcher": ("/board", "/calls", "/incidents", "/follow-ups", "/inquiries", "/orders"),
    "manager": (
        *("/figures/efficiency", "/figures/satisfaction", "/board/at-risk", "/more"),
        *("/levels/calendar", "/levels/targets", "/levels/escalation", "/dispatching"),
        *("/canned-answers", f"/photo-rules/{COMMUNITY}", f"/follow-ups/rules/{COMMUNITY}"),
    ),
    "supervisor": ("/teams",),
    "auditor": ("/audit",),
    "admin": ("/admin/people", "/admin/homes", "/admin/parked"),
}


@pytest.fixture(scope="module")
def furnished(site: Site) -> dict[str, list[str]]:
    """The pages, with those of one person, one order and one outage that is over."""
    path = site.dispatched()
    number = path.rpartition("/")[2]
    found = ask(site, "manager", "security/people", {"community": COMMUNITY, "limit": 100})
    people = {one["name"]: one["person"] for one in found["people"]}
    start = datetime.now(UTC) + timedelta(days=1)
    shift = {"starts": start.isoformat(), "ends": (start + timedelta(hours=8)).isoformat()}
    order(site, "supervisor", "plan_shifts", person=people["马师傅"], shifts=[shift])
    unit = ask(site, "manager", "security/units", {"community": COMMUNITY})["units"][-1]
    outage = order(
        site, "dispatcher", "open_incident", community=COMMUNITY, kind="complaint",
        category="parking", buildings=[unit["building"]], notice="车库出口关闭",
    )["id"]  # fmt: skip
    order(site, "dispatcher", "close_incident", id=outage)
    soon("the order's story is told", lambda: site.person("auditor").get(f"/audit{path}"))
    pages = {login: list(paths) for login, paths in PAGES.items()}
    pages["manager"] += [path, f"/levels/what-if?number={number}&calendar=1&targets=1"]
    pages["supervisor"] += [f"/teams/{people['马师傅']}"]
    pages["auditor"] += [f"/audit{path}"]
    pages["dispatcher"] += [f"/incidents/{outage}", "/incidents?all=1"]
    pages["admin"] += [f"/admin/people/{people['马师傅']}"]
    return pages


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_no_page_of_the_staffs_has_a_fault_that_axe_finds_or_is_too_wide(
    chromium: Browser, site: Site, furnished: dict[str, list[str]], language: str
) -> None:
    assert not faults_of(chromium, site, furnished, language)


def test_a_phones_bar_shows_every_entry_whole(chromium: Browser, site: Site) -> None:
    with window(chromium, site, size=PHONE) as one:
        for login, language in (("manager", "en"), ("manager", "zh-CN"), ("admin", "en")):
            one.log_in(site, login, language)
            page = one.go("/me")
            shown = [each for each in page.locator(".nav a").all() if each.is_visible()]
            assert 1 < len(shown) <= 6
            for each in shown:
                box = each.bounding_box()
                assert box is not None and box["x"] >= 0
                assert box["x"] + box["width"] <= PHONE["width"]
                assert each.evaluate("(entry) => entry.scrollWidth <= entry.clientWidth")


def test_what_a_phones_bar_has_no_room_for_is_behind_more(chromium: Browser, site: Site) -> None:
    with window(chromium, site, "manager", size=PHONE) as one:
        page = one.go("/me")
        page.locator(".nav a.hand").click()
        page.get_by_role("link", name="Teams").click()
        page.wait_for_url("**/teams")
        assert page.locator(".nav a.hand").get_attribute("aria-current") == "page"
        one.resize(DESKTOP)
        page = one.go("/me")
        assert page.locator(".nav a.hand").is_hidden()
        assert page.locator(".nav").get_by_role("link", name="Teams").is_visible()
