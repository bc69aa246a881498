"""Visits by RPC and on pages: offered, chosen, moved, and before the technician on the day."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from shared.errors import Invalid, Refused
from tests.support.browser import Page
from tests.support.edge import Site
from tests.support.estate import Estate, soon
from tests.support.lifecycle import Walk

ZONE = ZoneInfo("Asia/Shanghai")


def window(hours: float, length: float = 2) -> dict[str, str]:
    starts = datetime.now(UTC) + timedelta(hours=hours)
    return {"starts": starts.isoformat(), "ends": (starts + timedelta(hours=length)).isoformat()}


def test_a_visit_is_offered_chosen_moved_and_kept(estate: Estate) -> None:
    walk = Walk(estate).to("dispatched")
    walk.do("technician1", "offer_visits", windows=[window(1000), window(990)])
    resident = estate.person("resident1")
    walk.do("resident1", "choose_visit", offer=1, window=1)
    again = resident.refused(Refused, "workorders", "choose_visit", id=walk.id, offer=1, window=2)
    assert again.reason == "no_visit_offered"
    walk.do("dispatcher", "move_visit", **window(1010))
    early = estate.person("technician1").refused(Refused, "workorders", "miss_visit", id=walk.id)
    assert early.reason == "visit_not_begun"
    walk.do("technician1", "start")
    assert resident.order("get", id=walk.id)["visit"]["state"] == "kept"


WRONG: dict[str, tuple[list[dict[str, str]], str]] = {
    "none": ([], "windows"),
    "ended before it starts": ([window(26, -1)], "windows.0.ends"),
    "past": ([window(-26)], "windows.0.starts"),
    "overlapping": ([window(26), window(27)], "windows.1.starts"),
    "without a zone": (
        [{"starts": "2030-01-01T00:00:00", "ends": "2030-01-01T01:00:00Z"}],
        "windows.0.starts",
    ),
}


@pytest.mark.parametrize(("windows", "field"), WRONG.values(), ids=WRONG.keys())
def test_times_that_make_no_sense_write_nothing(
    estate: Estate, windows: list[dict[str, Any]], field: str
) -> None:
    walk = Walk(estate).to("dispatched")
    technician = estate.person("technician1")
    error = technician.refused(Invalid, "workorders", "offer_visits", id=walk.id, windows=windows)
    assert field in error.fields
    assert technician.order("get", id=walk.id)["version"] == walk.version


@contextmanager
def on_shift(site: Site, login: str, starts: datetime, ends: datetime) -> Iterator[None]:
    """Their shift of today may be over, and then it says that they are not there."""
    who = {"person": site.ask(login, "security.me")["person"]}
    hours = {"starts": starts.isoformat(), "ends": ends.isoformat()}
    [shift] = site.tell("manager", "workorders.plan_shifts", **who, shifts=[hours])["shifts"]
    yield
    site.tell("manager", "workorders.withdraw_shift", **who, shift=shift)


@pytest.mark.parametrize(
    ("language", "agreed", "heading"),
    [("en", "The visit is agreed.", "Visits today"), ("zh-CN", "上门时间已约定。", "今日上门")],
)
def test_a_visit_is_agreed_on_pages_and_stands_first_on_its_day(
    site: Site, language: str, agreed: str, heading: str
) -> None:
    path = site.dispatched()
    technician, resident = site.person("technician1", language), site.person("resident1", language)
    now = datetime.now(ZONE)
    tomorrow, later = now + timedelta(days=1), now + timedelta(days=2)
    form = technician.get(path).form("/offer_visits")
    days = [f"{tomorrow:%Y-%m-%d}", f"{later:%Y-%m-%d}", ""]
    offered = technician.send(
        form, day=days, **{"from": ["14:00", "09:00", ""]}, until=["16:00", "11:00", ""]
    )
    assert offered.status == 200
    asked = resident.get(path)
    assert "14:00–16:00" in asked.text and "09:00–11:00" in asked.text
    chosen = resident.send(asked.form("/choose_visit"), window="2")
    assert agreed in chosen.text
    soon("it is on the page of work", lambda: "09:00–11:00" in technician.get("/work").text)
    order = order_of(site, path)
    end = (now + timedelta(minutes=40)).replace(second=0, microsecond=0)
    start = end - timedelta(minutes=30)
    if not now.date() == start.date() == end.date():
        # around midnight there is no such window; it must not be in the way of the next one
        site.tell("technician1", "workorders.repair", id=order, notes="done")
        return

    def first() -> Page | None:
        page = technician.get("/work")
        return page if page.headings[1].endswith(heading) else None

    with on_shift(site, "technician1", start, end):
        moved = technician.send(
            technician.get(path).form("/move_visit"),
            day=f"{start:%Y-%m-%d}", **{"from": f"{start:%H:%M}"}, until=f"{end:%H:%M}",
        )  # fmt: skip
        try:
            assert moved.status == 200, moved.text
            work, number = soon("it stands before everything else", first), path.rpartition("/")[2]
        finally:
            site.tell("technician1", "workorders.repair", id=order, notes="done")
    assert work.text.index(heading) < work.text.index(number)


def test_a_resident_calls_the_visit_off_and_puts_the_order_off_instead(site: Site) -> None:
    path = site.dispatched()
    order = order_of(site, path)
    site.tell("technician1", "workorders.offer_visits", id=order, windows=[window(1300)])
    site.tell("resident1", "workorders.choose_visit", id=order, offer=1, window=1)
    resident, technician = site.person("resident1", "zh-CN"), site.person("technician1", "en")
    late = technician.get(path).form("/cancel_visit")
    day = f"{datetime.now(ZONE) + timedelta(days=90):%Y-%m-%d}"
    refused = resident.send(resident.get(path).form("/defer"), until=day, reason="出差")
    assert "可以取消上门" in refused.text
    page = resident.send(refused.form("/cancel_visit"), reason="要去外地")
    assert page.status == 200 and "上门已取消。" in page.text and "要去外地" in page.text
    assert "/cancel_visit" not in page.text
    assert resident.send(page.form("/defer"), until=day, reason="出差").status == 200
    told = technician.send(late)
    assert told.status == 409 and "No visit is agreed; a time has to be offered" in told.text
    seen = technician.get(path).text
    assert "Visit called off" in seen and "要去外地" in seen and "Put off to a date" in seen


def test_what_is_wrong_with_a_time_is_said_at_its_field(site: Site) -> None:
    path = site.dispatched()
    technician = site.person("technician1")
    form = technician.get(path).form("/offer_visits")
    typed = {"day": ["2030-01-01", "", ""], "from": ["10:00", "", ""], "until": ["09:00", "", ""]}
    page = technician.send(form, **typed)
    assert page.status == 400 and "It ends before it starts." in page.text
    page = technician.send(page.form("/offer_visits"), **{**typed, "until": ["", "", ""]})
    assert "A day and two times, please." in page.text
    assert page.form("/offer_visits").fields["day"][0] == "2030-01-01", "what was typed stays"


def order_of(site: Site, path: str) -> str:
    community, number = path.rpartition("/")[0].rpartition("/")[2], path.rpartition("/")[2]
    asked = {"community": community, "number": number}
    return str(site.ask("dispatcher", "workorders.get", **asked)["id"])


def test_of_two_residents_who_choose_one_time_at_one_moment_one_gets_it(site: Site) -> None:
    residents = [site.person(f"resident{number}", "en") for number in (1, 2)]
    paths = [site.dispatched("Oleg Petrov", login=f"resident{number}") for number in (1, 2)]
    windows = [window(1500), window(1510)]
    for path in paths:
        order = order_of(site, path)
        site.tell("dispatcher", "workorders.offer_visits", id=order, windows=windows)
    forms = [
        one.get(path).form("/choose_visit") for one, path in zip(residents, paths, strict=True)
    ]
    with ThreadPoolExecutor() as pool:
        pages = list(
            pool.map(lambda one, form: one.send(form, window="1"), residents, forms, timeout=60)
        )
    assert sorted(page.status for page in pages) == [200, 409], [page.text for page in pages]
    [late] = [page for page in pages if page.status == 409]
    assert "This time is taken; choose another." in late.text
    taken = paths[1 - pages.index(late)].rpartition("/")[2]
    assert taken not in late.text, "whose it is, is not theirs to know"
    again = late.form("/choose_visit")
    assert list(again.choices["window"].values()) == ["2"], "what is taken is not offered"
    second = residents[pages.index(late)].send(again, window="2")
    assert "The visit is agreed." in second.text
    staff = site.person("dispatcher", "en")
    moved = staff.get(paths[pages.index(late)]).form("/move_visit")
    starts, ends = (datetime.fromisoformat(windows[0][one]).astimezone(ZONE) for one in windows[0])
    if starts.date() == ends.date():
        times = {"from": f"{starts:%H:%M}", "until": f"{ends:%H:%M}"}
        refused = staff.send(moved, day=f"{starts:%Y-%m-%d}", **times)
        assert f"The technician has a visit for {taken} then." in refused.text


def test_leave_over_an_agreed_visit_is_granted_and_names_it(site: Site) -> None:
    path = site.dispatched()
    number = path.rpartition("/")[2]
    order = site.ask("dispatcher", "workorders.get", community="lakeside", number=number)["id"]
    morning = datetime.now(ZONE).replace(hour=9, minute=0, second=0) + timedelta(days=80)
    agreed = {"starts": morning.isoformat(), "ends": (morning + timedelta(hours=2)).isoformat()}
    site.tell("technician1", "workorders.offer_visits", id=order, windows=[agreed])
    site.tell("resident1", "workorders.choose_visit", id=order, offer=1, window=1)

    supervisor = site.person("supervisor")
    who = site.ask("technician1", "security.me")["person"]
    form = supervisor.get(f"/teams/{who}").form("/grant_leave")
    leave = {"starts": f"{morning:%Y-%m-%dT00:00}", "ends": f"{morning:%Y-%m-%dT23:00}"}
    page = supervisor.send(form, **leave)
    assert page.status == 200 and "The leave is granted" in page.text
    assert "These visits are agreed for that time" in page.text
    assert [one["href"] for one in page.all("a") if number in one.get("href", "")] == [path]
    free = supervisor.get(f"/teams/{who}")
    assert "These visits are agreed for that time" not in free.text
    assert supervisor.send(free.form("/withdraw_leave")).status == 200
