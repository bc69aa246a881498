"""What is promised: working time, promises, ladders, what-if, and what runs out of time."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.support.asking import ask, order, people
from tests.support.browser import Page
from tests.support.edge import COMMUNITY, FAR, RARE, Site, order_number, shows


def versions(page: Page) -> int:
    return max(int(one) for one in re.findall(r"Version (\d+)", page.text))


def test_working_time_is_tried_before_it_is_set_and_the_version_names_who_set_it(
    site: Site,
) -> None:
    manager = site.person("manager")
    page = manager.get("/levels/calendar")
    before, form = versions(page), page.form("/levels/calendar")
    typed: dict[str, Any] = {
        "years": ["2026", "2027"],
        "day.0.date": FAR.isoformat(),
        "day.0.name": "盘点",
        "try_at": "2027-01-01T09:00",
    }
    tried = manager.send(form, do="try", **typed)
    assert "Not saved yet" in tried.text and "盘点" in tried.text
    # New Year's Day is off, and the 2nd and 3rd are a weekend with a Saturday morning
    assert "Jan 2, 2027, 10:00" in tried.text
    kept = tried.form("/levels/calendar")
    assert (kept.text("day.0.name"), kept.text("try_at")) == ("盘点", "2027-01-01T09:00")
    assert versions(manager.get("/levels/calendar")) == before

    saved = manager.send(kept, do="save", **typed)
    assert "Saved." in saved.text and versions(saved) == before + 1
    assert "林国栋" in saved.text
    old = manager.get(f"/levels/calendar?version={before}")
    assert "盘点" not in old.text and f"A week Version {before}" in old.text


def test_a_calendar_with_no_working_hour_is_refused_where_it_stands(site: Site) -> None:
    manager = site.person("manager")
    page = manager.get("/levels/calendar")
    before, form = versions(page), page.form("/levels/calendar")
    days = {f"week.{day}": "" for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    for do in ("try", "save"):
        refused = manager.send(form, do=do, **{**days, "day.0.name": "不丢"})
        assert refused.status == 400
        assert "A week needs at least one working hour" in refused.text
        assert refused.form("/levels/calendar").text("day.0.name") == "不丢"
    refused = manager.send(form, do="save", **{"week.tue": "25-26"})
    assert refused.form("/levels/calendar").faults == {"week.tue"}
    refused = manager.send(form, do="save", **{"week.tue": "13-18, 9-12"})
    assert "Give the hours in order" in refused.text
    assert versions(manager.get("/levels/calendar")) == before


def test_more_rows_keep_what_is_typed(site: Site) -> None:
    manager = site.person("manager")
    form = manager.get("/levels/calendar").form("/levels/calendar")
    more = manager.send(form, do="rows", **{"day.1.name": "节日"}).form("/levels/calendar")
    assert more.text("day.1.name") == "节日"
    assert len([name for name in more.fields if name.endswith(".date")]) > len(
        [name for name in form.fields if name.endswith(".date")]
    )


def spare(page: Page) -> tuple[Any, str]:
    """The form of promises and the first line of it that stands empty."""
    form = page.form("/levels/targets")
    targets = [name for name in form.fields if name.endswith(".target")]
    return form, next(one for one in targets if not form.text(one)).removesuffix(".target")


def test_a_promise_is_refused_at_its_field_then_tried_and_set(site: Site) -> None:
    manager = site.person("manager")
    form, line = spare(manager.get("/levels/targets"))
    stopping = ["parts", "resident_absent", "supplier"]
    promise: dict[str, Any] = {
        f"{line}.target": "respond",
        f"{line}.minutes": "soon",
        f"{line}.time": "calendar",
        f"{line}.category": ":".join(RARE),
        "stopping": stopping,
    }
    refused = manager.send(form, do="save", **promise)
    assert refused.form("/levels/targets").faults == {f"{line}.minutes"}
    assert refused.form("/levels/targets").text(f"{line}.minutes") == "soon"

    promise |= {f"{line}.minutes": "7", "try_for": ":".join(RARE), "try_at": "2027-03-01T09:00"}
    tried = manager.send(form, do="try", **promise)
    assert "Mar 1, 2027, 09:07" in tried.text and "now: Mar 1, 2027, 10:00" in tried.text
    saved = manager.send(tried.form("/levels/targets"), do="save", **promise)
    assert "Saved." in saved.text and "7 min Pets any" in saved.text

    after = saved.form("/levels/targets")
    assert (after.fields["waits.visit"], after.text("after.0.remind_hours")) == (
        ["arrive", "repair"],
        "72",
    )
    rare = {
        "after.1.category": ":".join(RARE),
        "after.1.remind_hours": "24",
        "after.1.check_hours": "0",
        "after.1.reopen_hours": "96",
    }
    refused = manager.send(after, do="save", **rare)
    assert refused.form("/levels/targets").faults == {"after.1.check_hours"}
    saved = manager.send(after, do="save", **{**rare, "after.1.check_hours": "48"})
    assert "Pets 24 hours 48 hours 96 hours" in saved.text
    assert "All orders 72 hours 72 hours 72 hours" in saved.text

    again, other = spare(saved)
    twice = {name.replace(line, other): value for name, value in promise.items()}
    refused = manager.send(again, do="save", **twice)
    assert refused.status == 400 and "Another line is for the same orders" in refused.text


def test_steps_of_a_ladder_must_go_up_and_escalations_stand_on_the_timeline(site: Site) -> None:
    manager = site.person("manager")
    page = manager.send(manager.get("/levels/escalation").form("/levels/escalation"), do="rows")
    form = page.form("/levels/escalation")
    ladder = f"ladder.{int(form.text('rows')) - 1}"
    climbed = {
        f"{ladder}.category": ":".join(RARE),
        f"{ladder}.steps.0.percent": "2",
        f"{ladder}.steps.0.up": "0",
        f"{ladder}.steps.1.percent": "1",
        f"{ladder}.steps.1.up": "1",
    }
    refused = manager.send(form, do="save", **climbed)
    assert refused.form("/levels/escalation").faults == {f"{ladder}.steps.1.percent"}
    climbed[f"{ladder}.steps.1.percent"] = "900"
    saved = manager.send(refused.form("/levels/escalation"), do="save", **climbed)
    assert "Saved." in saved.text and "At 900 %" in saved.text

    form_, line = spare(manager.get("/levels/targets"))
    promise = {
        f"{line}.target": "respond",
        f"{line}.minutes": "1",
        f"{line}.time": "calendar",
        f"{line}.category": ":".join(RARE),
        f"{line}.priority": "high",
        "stopping": ["parts", "resident_absent", "supplier"],
    }
    manager.send(form_, do="save", **promise)
    kind, category = RARE
    number = order(
        site, "dispatcher", "submit", community=COMMUNITY, kind=kind, category=category,
        description="狗叫", priority="high", accepter=people(site)["郑小芳"],
    )["number"]  # fmt: skip
    path = f"/orders/{COMMUNITY}/{number}"
    page = shows(manager, path, "2 % used up")
    assert "Dispatch: 2 % used up" in page.headings
    assert "Told Dispatcher" in page.text


def test_what_if_compares_one_order_and_changes_nothing(site: Site) -> None:
    number = order_number(site.report())
    manager = site.person("manager")
    found = shows(manager, f"/levels/what-if?number={number}", "As it is judged")
    # whatever the hour is at which this runs
    why = ("counts", "outside working hours", "break", "day off", "public holiday")
    assert number in found.text and any(one in found.text for one in why)
    first = manager.get(f"/levels/what-if?number={number}&calendar=1&targets=1")
    assert "working time 1, promises 1" in first.text
    for wrong in ("number=R-1999-000001", f"number={number}&targets=9999"):
        page = manager.get(f"/levels/what-if?{wrong}")
        assert page.status == 200 and "There is no such order, or no such version" in page.text


@pytest.mark.parametrize("part", ["calendar", "targets", "escalation"])
def test_a_supervisor_looks_and_does_not_set(site: Site, part: str) -> None:
    supervisor, manager = site.person("supervisor"), site.person("manager")
    page = supervisor.get(f"/levels/{part}")
    assert page.status == 200 and "Versions" in page.headings
    assert not page.has_form(f"/levels/{part}")
    form = manager.get(f"/levels/{part}").form(f"/levels/{part}")
    token = supervisor.get("/dispatching").form("/dispatching/modes").fields["csrf"]
    assert supervisor.send(form, do="save", csrf=token).status == 403


def test_what_is_at_risk_is_what_the_service_answers(site: Site) -> None:
    told = ask(site, "manager", "workorders/at_risk", {"community": COMMUNITY})
    page = site.person("manager").get("/board/at-risk")
    assert page.status == 200 and f"{told['overdue']} overdue" in page.text
    assert "/board/at-risk" in {
        one["href"].partition("?")[0] for one in site.person("manager").get("/board").all("a")
    }
