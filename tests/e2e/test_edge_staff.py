"""The staff's pages: the board, calls, figures, what happened, and the register."""

from __future__ import annotations

import csv
import json
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any
from uuid import uuid4

import pytest

from tests.support.asking import ask
from tests.support.browser import Browser, Form, Page
from tests.support.edge import Site, ids_in, order_number, order_path
from tests.support.estate import soon

BOARD = ("/board", "/calls")
FIGURES = ("/figures/efficiency", "/figures/satisfaction", "/figures/satisfaction/stars.csv")
AUDIT = ("/audit", "/audit/orders/lakeside/R-2026-000001", "/audit/events.jsonl")
REGISTER = ("/admin/people", "/admin/homes")
RULES = ("/levels/calendar", "/levels/targets", "/levels/escalation", "/levels/what-if")
LEADERS = (*RULES, "/dispatching", "/teams", "/incidents", "/board/at-risk")


def shows(browser: Browser, path: str, text: str) -> Page:
    """The page once it shows this: views follow by a moment."""

    def looked() -> Page | None:
        page = browser.get(path)
        return page if text in page.response.text else None

    return soon(f"{path} shows {text}", looked)


# -- who may see them ---------------------------------------------------------------------------


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


@pytest.fixture(scope="module")
def an_order(site: Site) -> str:
    """The number of one that the pages show."""
    return order_number(site.report())


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


# -- the board ----------------------------------------------------------------------------------


def test_several_are_sent_at_once_and_each_tells_what_became_of_it(site: Site) -> None:
    pages = [site.report(category="appliance"), site.report(category="appliance")]
    numbers = [order_number(page) for page in pages]
    dispatcher = site.person("dispatcher")
    # a lane shows the first fifty alone
    board = shows(dispatcher, "/board?category=repair:appliance", numbers[1])
    form = board.form("/board/dispatch")
    chosen = [value for value in picks(board) if value.rpartition(" ")[2] in numbers]
    assert len(chosen) == 2
    label = next(one for one in form.choices["technician"] if one.startswith("马师傅"))
    technician = form.choice("technician", label)
    token = dispatcher.get(order_path(pages[0])).form("/dispatch")
    dispatcher.send(token, technician=technician)

    told = dispatcher.send(form, order=chosen, technician=technician)

    assert "1 of 2 were sent" in told.text
    assert "A technician was sent already" in told.text
    again = dispatcher.send(form, order=chosen, technician=technician)
    assert "1 of 2 were sent" in again.text
    history = dispatcher.get(order_path(pages[1])).text
    assert history.count("Dispatched to 马师傅") == 1


def test_what_was_chosen_stays_chosen_where_nobody_is_to_go(site: Site) -> None:
    number = order_number(site.report())
    dispatcher = site.person("dispatcher")
    board = shows(dispatcher, f"/board?text={number}", number)
    (value,) = [one for one in picks(board) if one.endswith(number)]
    page = dispatcher.send(board.form("/board/dispatch"), order=[value], technician="")
    assert page.status == 400 and "Choose the orders" in page.text
    checked = [one["value"] for one in page.all("input") if "checked" in one]
    assert checked == [value]


def picks(board: Page) -> list[str]:
    boxes = [one for one in board.all("input") if one.get("type") == "checkbox"]
    return [one["value"] for one in boxes]


def test_the_board_narrows_to_a_home_and_to_what_one_took_down_oneself(site: Site) -> None:
    number = order_number(site.report("resident2"))
    dispatcher = site.person("dispatcher")
    assert number in shows(dispatcher, "/board?text=1-102", number).text
    assert number not in dispatcher.get("/board?text=2-302").text
    assert number not in dispatcher.get("/board?wait=overdue").text
    assert number not in dispatcher.get("/board?mine=1").text


# -- calls --------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["13800000010", "+86 138 0000 0010", "王秀"])
def test_a_caller_is_found_and_something_reported_for_them(site: Site, typed: str) -> None:
    dispatcher = site.person("dispatcher")
    form = dispatcher.get("/calls").form("/calls")
    page = soon(
        "the caller is known",
        lambda: found if "王秀英" in (found := dispatcher.send(form, wanted=typed)).text else None,
    )
    assert "1-101" in page.text and "13800000010" not in page.path
    (link,) = [one["href"] for one in page.all("a") if "reporter=" in one.get("href", "")]
    report = dispatcher.get(link).form("/report")
    assert report.text("channel") == "phone"
    sent = dispatcher.send(report, category="plumbing", description="漏水")
    assert sent.status == 200 and "王秀英" in sent.text


def test_who_may_not_see_the_board_is_told_who_calls_and_nothing_is_said_to_be_away(
    site: Site,
) -> None:
    guard = site.person("guard")
    page = guard.send(guard.get("/calls").form("/calls"), wanted="13800000010")
    assert "王秀英" in page.text and "cannot be shown just now" not in page.text


def test_a_part_of_a_number_finds_nobody(site: Site) -> None:
    dispatcher = site.person("dispatcher")
    page = dispatcher.send(dispatcher.get("/calls").form("/calls"), wanted="1380000")
    assert "Nobody found" in page.text


# -- figures ------------------------------------------------------------------------------------


def test_the_figures_shown_are_those_that_analytics_answers(site: Site) -> None:
    site.report()
    manager = site.person("manager")

    def same() -> bool:
        told = ask(site, "manager", "analytics/efficiency", {"community": "lakeside"})["total"]
        page = manager.get("/figures/efficiency?period=30")
        tile = r'class="label">([^<]*)</p>\s*<p class="value">([^<]*)<'
        tiles = dict(re.findall(tile, page.response.text))
        shown = tiles["Orders submitted"], tiles["Open now"]
        return shown == (str(told["count"]), str(told["backlog"]["count"]))

    soon("the page tells the same", same)

    def spread() -> bool:
        told = ask(site, "manager", "analytics/satisfaction", {"community": "lakeside"})["total"]
        file = manager.get("/figures/satisfaction/stars.csv").response
        assert file.headers["Content-Type"] == "text/csv; charset=utf-8"
        rows = list(csv.reader(file.content.decode("utf-8-sig").splitlines()))
        return [int(row[1]) for row in rows[1:]] == list(told["distribution"].values())

    soon("the file tells the same", spread)


def test_every_chart_is_a_table_too_and_says_what_it_shows(site: Site) -> None:
    page = site.person("manager").get("/figures/efficiency?period=7")
    charts = [one for one in page.all("svg") if one.get("role") == "img"]
    assert charts
    titles = {one["id"] for one in page.all("title") + page.all("desc") if "id" in one}
    assert all(set(one["aria-labelledby"].split()) <= titles for one in charts)
    assert len(page.all("table")) >= len(charts)


# -- what happened ------------------------------------------------------------------------------


def test_an_auditor_goes_through_an_orders_time_and_sees_what_each_event_changed(
    site: Site,
) -> None:
    path = site.dispatched()
    number = path.rpartition("/")[2]
    auditor = site.person("auditor")
    story = f"/audit/orders/lakeside/{number}"
    shows(auditor, story, "Somebody told")

    first = auditor.get(f"{story}?step=1")
    assert "Order submitted" in first.headings
    steps = [one["value"] for one in first.all("option")]
    assert len(steps) == 2

    sent = auditor.get(f"{story}?step={steps[1]}")
    assert "Technician sent" in sent.headings
    changed = re.search(r"<del>(.*?)</del>.*?<ins>(.*?)</ins>", sent.response.text, re.DOTALL)
    assert changed is not None and changed.groups() == ("To be dispatched", "Dispatched")
    assert not ids_in(sent.text)

    lines = auditor.get(f"{story}.jsonl").response.text.splitlines()
    logs = {json.loads(line)["log"] for line in lines}
    assert {"workorders", "notifications"} <= logs


def test_an_order_s_story_has_what_was_said_beside_it(site: Site) -> None:
    path = site.dispatched()
    dispatcher = site.person("dispatcher")
    form = dispatcher.get(path).form("/comments")
    said = dispatcher.send(form, text="先别进门，家里有狗", internal="1")
    assert "先别进门" in said.text

    story = f"/audit/orders/lakeside/{path.rpartition('/')[2]}"
    auditor = site.person("auditor")
    page = auditor.get(story)
    at = re.search(r'step=(\d+)#state"[^>]*>Comment added', page.response.text)
    assert at is not None, page.text
    comment = auditor.get(f"{story}?step={at[1]}")
    assert "Comment added" in comment.headings
    for words in ("先别进门，家里有狗", "Among staff", "This event changed nothing of the order"):
        assert words in comment.text
    assert not ids_in(comment.text)

    lines = auditor.get(f"{story}.jsonl").response.text.splitlines()
    (event,) = [one for one in map(json.loads, lines) if one["type"] == "CommentAdded"]
    assert event["data"]["text"] == "先别进门，家里有狗"


def test_events_are_found_by_kind_and_person_and_downloaded(site: Site) -> None:
    number = order_number(site.report("resident3"))
    auditor = site.person("auditor")
    page = shows(auditor, "/audit?type=workorders:WorkOrderSubmitted&actor=张伟", number)
    assert "Order submitted" in page.text and "Technician sent" not in re.sub(
        "<option.*?</option>", "", page.text
    )
    file = auditor.get("/audit/events.jsonl?type=workorders:WorkOrderSubmitted&actor=张伟")
    events = [json.loads(line) for line in file.response.text.splitlines()]
    assert {one["type"] for one in events} == {"WorkOrderSubmitted"}
    assert number in {one["data"]["number"] for one in events}
    assert len({one["actor"] for one in events}) == 1


# -- the register -------------------------------------------------------------------------------


def confirmed(browser: Browser, form: Form, **typed: str) -> Page:
    asked = browser.send(form, **typed)
    assert asked.status == 200 and "Yes, do it" in asked.response.text, asked.text
    return asked


def test_a_person_is_registered_moves_in_and_gets_an_account_and_a_role(site: Site) -> None:
    admin = site.person("admin")
    login, name = f"new{uuid4().hex[:8]}", "新住户"

    asked = confirmed(
        admin, admin.get("/admin/people").form("/admin/do/register_person"), name=name
    )
    assert name in asked.text
    person = admin.send(asked.form("/admin/do/register_person"))
    path = order_path(person)
    soon("registered", lambda: name in admin.get(path).headings)

    move = admin.get(path).form("/admin/do/move_in")
    unit = next(value for label, value in move.choices["unit"].items() if "2-302" in label)
    asked = confirmed(admin, move, unit=unit, kind="tenant")
    assert "2-302" in asked.text and "Tenant" in asked.text
    admin.send(asked.form("/admin/do/move_in"))

    asked = confirmed(admin, admin.get(path).form("/admin/do/open_account"), login=login)
    short = admin.send(asked.form("/admin/do/open_account"), password="short")
    assert short.status == 400 and "password" in short.form("/admin/do/open_account").faults
    admin.send(short.form("/admin/do/open_account"), password="long enough")

    page = shows(admin, path, f"{login}</p>")
    asked = confirmed(admin, page.form("/admin/do/grant"), role="resident", community="lakeside")
    admin.send(asked.form("/admin/do/grant"))
    shows(admin, path, "/admin/do/withdraw_grant")

    resident = site.browser()
    assert resident.log_in(login, "long enough").path == "/orders"
    assert resident.get("/report").status == 200

    asked = confirmed(admin, admin.get(path).form("/admin/do/withdraw_grant"))
    admin.send(asked.form("/admin/do/withdraw_grant"))
    soon("ended", lambda: "Holds no role" in admin.get(path).text)


def test_nothing_is_done_before_it_is_confirmed(site: Site) -> None:
    admin = site.person("admin")
    form = admin.get("/admin/homes").form("/admin/do/register_unit")
    code = f"9-{uuid4().hex[:4]}"
    asked = confirmed(admin, form, building=form.choice_at("building", 1), code=code)
    assert code not in admin.get("/admin/homes").text
    admin.send(asked.form("/admin/do/register_unit"))
    shows(admin, "/admin/homes", code)


def test_a_manager_cannot_give_an_admins_role(site: Site) -> None:
    manager = site.person("manager")
    people = manager.get("/admin/people?search=王秀英")
    (path,) = [one["href"] for one in people.all("a") if "/admin/people/" in one.get("href", "")]
    page = manager.get(path)
    asked = confirmed(manager, page.form("/admin/do/grant"), role="admin", community="lakeside")
    assert manager.send(asked.form("/admin/do/grant")).status == 403


@pytest.fixture
def park(site: Site) -> Callable[[str], None]:
    """Puts an event aside by hand: that of a rule which does not exist any more."""

    def parked(subject: str) -> None:
        with closing(sqlite3.connect(site.folder / "notifications.sqlite", timeout=10)) as store:
            store.execute(
                "INSERT INTO parked VALUES (?, ?, 1, ?, 'workorders', ?, ?, NULL)",
                (
                    "when_it_rains_then_tell_everybody",
                    subject,
                    str(uuid4()),
                    "no such rule",
                    "2026-03-01T00:00:00.000000Z",
                ),
            )
            store.commit()

    return parked


def test_a_parked_event_is_given_up_once_that_is_confirmed(
    site: Site, park: Callable[[str], None]
) -> None:
    park(f"lakeside.{uuid4()}")
    admin = site.person("admin")
    page = admin.get("/admin/parked")
    assert "when it rains, then tell everybody" in page.text and "no such rule" in page.text
    asked = admin.send(page.form("/admin/parked/drop"))
    assert "It concerns 1 event" in asked.text
    assert "when it rains" in admin.get("/admin/parked").text
    assert admin.send(asked.form("/admin/parked/drop")).status == 200
    soon("given up", lambda: "Nothing is parked" in admin.get("/admin/parked").text)
