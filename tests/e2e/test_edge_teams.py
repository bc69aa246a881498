"""Teams on their pages: shifts, leave, certificates, and how work is spread."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.support.asking import ask, people
from tests.support.browser import Browser, Page
from tests.support.edge import COMMUNITY, FAR, Site
from tests.support.estate import soon


def record(site: Site, browser: Browser, name: str) -> Page:
    return browser.get(f"/teams/{people(site)[name]}")


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
