"""Which of the staff's pages are whose: shown, refused, and refused by the services too."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.edge import Site, ids_in, order_number

BOARD = ("/board", "/calls")
FIGURES = ("/figures/efficiency", "/figures/satisfaction", "/figures/satisfaction/stars.csv")
AUDIT = ("/audit", "/audit/orders/lakeside/R-2026-000001", "/audit/events.jsonl")
REGISTER = ("/admin/people", "/admin/homes")
RULES = ("/levels/calendar", "/levels/targets", "/levels/escalation", "/levels/what-if")
LEADERS = (*RULES, "/dispatching", "/teams", "/incidents", "/board/at-risk")


@pytest.mark.parametrize("path", [*BOARD, *FIGURES, *AUDIT, *REGISTER, *LEADERS, "/admin/parked"])
@pytest.mark.parametrize("login", ["resident1", "technician1"])
def test_the_staffs_pages_are_not_for_residents_and_technicians(
    site: Site, login: str, path: str
) -> None:
    browser = site.person(login)
    assert browser.get(path).status in (403, 404)
    assert path not in {link["href"] for link in browser.get("/orders").all("a")}


@pytest.mark.parametrize(
    ("login", "path"),
    [
        ("dispatcher", "/figures/efficiency"),
        ("dispatcher", "/admin/people"),
        ("dispatcher", "/audit"),
        ("manager", "/audit"),
        ("manager", "/admin/parked"),
        ("auditor", "/board"),
        ("auditor", "/admin/people"),
        ("accountant", "/board"),
        ("accountant", "/teams"),
        ("accountant", "/levels/calendar"),
        ("auditor", "/incidents"),
        ("accountant", "/dispatching"),
    ],
)
def test_each_of_the_staff_sees_what_their_role_is_for(site: Site, login: str, path: str) -> None:
    assert site.person(login).get(path).status == 403


@pytest.mark.parametrize(("login", "over_all"), [("manager", False), ("admin", True)])
def test_what_concerns_all_communities_is_offered_to_who_is_over_them(
    site: Site, login: str, over_all: bool
) -> None:
    browser = site.person(login)
    page = browser.get("/admin/people")
    assert ("/admin/parked" in {link["href"] for link in page.all("a")}) is over_all
    one = next(link["href"] for link in page.all("a") if "/admin/people/" in link["href"])
    assert browser.get(one).has_form("/admin/do/forget_person") is over_all


@pytest.mark.parametrize(
    ("path", "method", "request_"),
    [
        ("workorders/board", "board", {}),
        ("workorders/loads", "loads", {}),
        ("security/find_person", "find", {"community": "lakeside", "phone": "13800000010"}),
        ("security.log/search", "search", {"log": "security"}),
        ("analytics/efficiency", "efficiency", {}),
        ("notifications.ops/parked", "parked", {}),
        ("workorders/at_risk", "at_risk", {"community": "lakeside"}),
        ("workorders/decisions", "decisions", {"community": "lakeside"}),
        ("workorders/preview_levels", "preview_levels", {"community": "lakeside"}),
        (
            "workorders/roster",
            "roster",
            {
                "community": "lakeside",
                "since": "2026-11-30T00:00:00Z",
                "until": "2026-12-07T00:00:00Z",
            },
        ),
    ],
)
def test_the_services_behind_the_pages_refuse_a_resident_themselves(
    site: Site, path: str, method: str, request_: dict[str, Any]
) -> None:
    token = site.token("resident1")
    answer = site.browser().session.post(
        f"{site.url}/rpc/{path}",
        json=request_,
        headers={"Authorization": f"Bearer {token}"},
        timeout=20,
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden"), method


@pytest.fixture(scope="module")
def an_order(site: Site) -> str:
    """The number of one that the pages show."""
    return order_number(site.report())


@pytest.mark.parametrize(
    ("login", "path"),
    [
        ("dispatcher", "/board"),
        ("dispatcher", "/calls"),
        ("manager", "/figures/efficiency"),
        ("manager", "/figures/satisfaction"),
        ("auditor", "/audit"),
        ("admin", "/admin/people"),
        ("admin", "/admin/homes"),
        ("admin", "/admin/parked"),
        *(("manager", path) for path in LEADERS),
    ],
)
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_staffs_pages_have_no_script_or_style_of_their_own_and_no_ids(
    site: Site, an_order: str, login: str, path: str, language: str
) -> None:
    page = site.person(login, language).get(path)
    assert (page.status, page.language) == (200, language)
    assert all(one["src"].startswith("/static/") for one in page.all("script"))
    assert not page.all("style")
    assert not [tag for tag, attributes in page.tags if "style" in attributes]
    assert not ids_in(page.text)
