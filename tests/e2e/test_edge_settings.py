"""The leaders' pages: what is promised, teams, dispatching, outages, and what runs out of time."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.support.asking import ask, order
from tests.support.browser import Browser, Page
from tests.support.edge import COMMUNITY, Site, order_number, order_path
from tests.support.estate import soon

# nobody else's tests are about these
FAR = date.today() + timedelta(days=900)
RARE = ("complaint", "pets")


def people(site: Site) -> dict[str, str]:
    found = ask(site, "manager", "security/people", {"community": COMMUNITY, "limit": 100})
    return {one["name"]: one["person"] for one in found["people"]}


def record(site: Site, browser: Browser, name: str) -> Page:
    return browser.get(f"/teams/{people(site)[name]}")


def versions(page: Page) -> int:
    return max(int(one) for one in re.findall(r"Version (\d+)", page.text))


# -- what is promised -----------------------------------------------------------------------------


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
    page = soon(
        "it is escalated",
        lambda: found if "2 % used up" in (found := manager.get(path)).text else None,
    )
    assert "Dispatch: 2 % used up" in page.headings
    assert "Told Dispatcher" in page.text


def test_what_if_compares_one_order_and_changes_nothing(site: Site) -> None:
    number = order_number(site.report())
    manager = site.person("manager")
    found = soon(
        "the order is listed",
        lambda: (
            page
            if "As it is judged" in (page := manager.get(f"/levels/what-if?number={number}")).text
            else None
        ),
    )
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


# -- teams ----------------------------------------------------------------------------------------


def test_shifts_are_planned_shown_in_their_week_and_refused_where_they_overlap(
    site: Site,
) -> None:
    supervisor = site.person("supervisor")
    monday = FAR - timedelta(days=FAR.weekday())
    form = record(site, supervisor, "朱师傅").form("/plan_shifts")
    plan = {
        "first_day": monday.isoformat(),
        "last_day": (monday + timedelta(days=2)).isoformat(),
        "starts": "08:00",
        "ends": "17:00",
    }
    assert "The shifts are planned" in supervisor.send(form, **plan).text
    week = supervisor.get(f"/teams?week={monday.isoformat()}")
    assert week.text.count("08:00–17:00") == 3 and "朱师傅" in week.text

    late = {**plan, "first_day": (monday + timedelta(days=2)).isoformat(), "last_day": ""}
    form = record(site, supervisor, "朱师傅").form("/plan_shifts")
    refused = supervisor.send(form, **{**late, "starts": "16:00", "ends": "20:00"})
    assert refused.status == 409
    assert "It overlaps another shift" in refused.text and "Wed" in refused.text
    kept = refused.form("/plan_shifts")
    assert kept.faults == {"first_day"} and kept.text("starts") == "16:00"
    backwards = supervisor.send(form, **{**late, "starts": "20:00", "ends": "18:00"})
    assert backwards.form("/plan_shifts").faults == {"ends"}

    leave = {"starts": f"{monday}T00:00", "ends": f"{monday + timedelta(days=1)}T00:00"}
    granting = record(site, supervisor, "朱师傅").form("/grant_leave")
    assert "The leave is granted" in supervisor.send(granting, **leave).text
    again = record(site, supervisor, "朱师傅").form("/grant_leave")
    refused = supervisor.send(again, **leave)
    assert refused.form("/grant_leave").faults == {"starts"}
    assert "leave" in supervisor.get(f"/teams?week={monday.isoformat()}").text


def test_a_certificate_is_kept_marked_and_withdrawn(site: Site) -> None:
    supervisor = site.person("supervisor")
    today = datetime.now(UTC).date()
    supervisor.send(
        record(site, supervisor, "朱师傅").form("/record_skill"), skill="wall_ceiling", level="3"
    )
    form = record(site, supervisor, "朱师傅").form("/record_certificate")
    paper = {
        "skill": "wall_ceiling",
        "title": "防水工证",
        "valid_from": today.isoformat(),
        "valid_until": (today - timedelta(days=400)).isoformat(),
    }
    refused = supervisor.send(form, **paper)
    assert refused.form("/record_certificate").faults == {"valid_until"}
    assert refused.form("/record_certificate").text("title") == "防水工证"
    paper["valid_from"] = (today - timedelta(days=900)).isoformat()
    page = supervisor.send(form, **paper)
    assert "Expired: stops dispatch for this skill" in page.text
    assert "Walls and leaks: not sent" in supervisor.get("/teams").text

    supervisor.send(page.form("/withdraw_certificate"))
    page = record(site, supervisor, "朱师傅")
    assert "防水工证" not in page.text
    supervisor.send(page.form("/withdraw_skill"))
    assert "not sent" not in supervisor.get("/teams").text


def test_who_dispatches_sees_the_records_and_does_not_change_them(site: Site) -> None:
    dispatcher = site.person("dispatcher")
    page = record(site, dispatcher, "马师傅")
    assert page.status == 200 and not page.has_form("/plan_shifts")
    supervisor = site.person("supervisor")
    shown = record(site, supervisor, "马师傅")
    assert "no technician here" not in shown.text
    assert "no technician here" in record(site, supervisor, "郑小芳").text
    form = shown.form("/record_skill")
    token = dispatcher.get("/board").form("/board/dispatch").fields["csrf"]
    answer = dispatcher.send(form, csrf=token, command_id="", skill="lift", level="1")
    assert answer.status == 403 and "superior keeps this record" in answer.text


def test_how_work_is_spread_is_told(site: Site) -> None:
    site.dispatched()
    supervisor = site.person("supervisor")

    def same() -> bool:
        told = ask(site, "supervisor", "workorders/fairness", {"community": COMMUNITY})
        return f"Gini figure of 30 days: {told['gini']:.2f}" in supervisor.get("/teams").text

    soon("both tell the same", same)


# -- dispatching ----------------------------------------------------------------------------------


def test_the_manager_sets_modes_and_weights_and_nobody_else(site: Site) -> None:
    manager = site.person("manager")
    kind, category = RARE
    page = manager.get("/dispatching")
    modes = page.form("/dispatching/modes")
    page = manager.send(modes, **{f"mode.{kind}:{category}": "grab"})
    assert "Saved." in page.text
    rules = ask(site, "manager", "workorders/modes", {"community": COMMUNITY})
    held = {(one["kind"], one["category"]): one["mode"] for one in rules["modes"]}
    assert held[RARE] == "grab" and set(held.values()) >= {"grab", "assign"}

    weights = page.form("/dispatching/weights")
    parts = ("skill", "load", "distance", "urgency", "fairness")
    refused = manager.send(weights, **dict.fromkeys(parts, "0"))
    assert refused.status == 400 and "At least one of them must count" in refused.text
    refused = manager.send(weights, load="much")
    assert refused.form("/dispatching/weights").faults == {"load"}
    assert refused.form("/dispatching/weights").text("load") == "much"
    assert "A whole number from 0 to 100" in manager.send(weights, load="101").text
    assert "Saved." in manager.send(weights, load="31").text

    supervisor = site.person("supervisor")
    look = supervisor.get("/dispatching")
    assert "Automatic" in look.text and "Save the modes" not in look.text
    token = look.form("/dispatching/modes").fields["csrf"]
    assert supervisor.send(weights, csrf=token, command_id="", load="32").status == 403


def test_the_manager_says_where_buildings_stand(site: Site) -> None:
    manager = site.person("manager")
    form = manager.get("/dispatching").form("/dispatching/places")
    one, other = [name for name in form.fields if name.startswith("x.")]
    east, north = one, one.replace("x.", "y.", 1)
    refused = manager.send(form, **{east: "far", north: "20"})
    assert refused.form("/dispatching/places").faults == {east}
    assert "Saved." in manager.send(form, **{east: "-40", north: "20"}).text
    told = ask(site, "manager", "workorders/modes", {"community": COMMUNITY})["buildings"]
    assert told[one.removeprefix("x.")] == {"x": -40, "y": 20}
    assert other.removeprefix("x.") not in told


def test_the_last_automatic_choices_say_why_this_person(site: Site) -> None:
    who = people(site)["Oleg Petrov"]
    start = datetime.now(UTC) - timedelta(minutes=1)
    shift = {"starts": start.isoformat(), "ends": (start + timedelta(hours=9)).isoformat()}
    order(site, "manager", "record_skill", person=who, skill="wall_ceiling")
    planned = order(site, "manager", "plan_shifts", person=who, shifts=[shift])["shifts"]
    mode = {"community": COMMUNITY, "kind": "repair", "category": "wall_ceiling"}
    order(site, "manager", "set_mode", **mode, mode="automatic")
    try:
        number = order_number(site.report(category="wall_ceiling"))
        page = soon(
            "it is given out",
            lambda: (
                found
                if number in (found := site.person("manager").get("/dispatching")).text
                else None
            ),
        )
        assert "Oleg Petrov Nobody else could be sent." in page.text
        assert "马师傅: does not have the skill" in page.text
        shown = site.person("dispatcher").get(f"/orders/{COMMUNITY}/{number}")
        assert "Why this person Nobody else could be sent." in shown.text
        assert "Why this person" not in site.person("resident1").get(shown.path).text
    finally:
        order(site, "manager", "set_mode", **mode, mode="assign")
        order(site, "manager", "withdraw_shift", person=who, shift=planned[0])
        order(site, "manager", "withdraw_skill", person=who, skill="wall_ceiling")


# -- outages --------------------------------------------------------------------------------------


def test_an_outage_is_announced_linked_answered_and_closed(site: Site) -> None:
    dispatcher = site.person("dispatcher")
    form = dispatcher.get("/incidents").form("/incidents")
    refused = dispatcher.send(form, category="repair:appliance", notice="停水")
    assert refused.status == 400 and refused.form("/incidents").text("notice") == "停水"
    assert "This is needed" in refused.text
    building = next(
        unit["building"]
        for unit in ask(site, "manager", "security/units", {"community": COMMUNITY})["units"]
        if unit["building_name"] == "2号楼"
    )
    outage = {"category": "repair:appliance", "buildings": building, "notice": "燃气检修"}
    past = dispatcher.send(form, **outage, expected_end="2020-01-01T00:00")
    assert past.form("/incidents").faults == {"expected_end"}
    page = dispatcher.send(form, **outage)
    assert "燃气检修" in page.text and "Nobody has reported it so far" in page.text

    path = order_path(site.report("resident8", category="appliance"))
    number = path.rpartition("/")[2]
    here = order_path(page)
    page = soon(
        "it is linked", lambda: found if number in (found := dispatcher.get(here)).text else None
    )
    assert "燃气检修" in site.person("resident8").get(path).text

    answered = dispatcher.send(page.form("/answer_incident"), notice="今晚八点恢复")
    assert "今晚八点恢复" in answered.text and "燃气检修" not in answered.text
    told = soon(
        "the resident is told",
        lambda: (
            found
            if "There is news of the trouble"
            in (found := site.person("resident8").get("/inbox")).text
            else None
        ),
    )
    assert number in told.text
    closed = dispatcher.send(answered.form("/close_incident"))
    assert "over" in closed.text and not closed.has_form("/close_incident")
    again = dispatcher.send(answered.form("/close_incident"), command_id="")
    assert again.status == 409 and "over already" in again.text
    assert "2号楼" in dispatcher.get("/incidents?all=1").text


def test_an_outage_is_not_for_those_of_other_places(site: Site) -> None:
    assert site.person("dispatcher").get("/incidents/elsewhere.nothing").status in (400, 404)


# -- what runs out of time ------------------------------------------------------------------------


def test_what_is_at_risk_is_what_the_service_answers(site: Site) -> None:
    told = ask(site, "manager", "workorders/at_risk", {"community": COMMUNITY})
    page = site.person("manager").get("/board/at-risk")
    assert page.status == 200 and f"{told['overdue']} overdue" in page.text
    assert "/board/at-risk" in {
        one["href"].partition("?")[0] for one in site.person("manager").get("/board").all("a")
    }
