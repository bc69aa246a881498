"""Suggestions, questions and praise on their pages: written, answered, made an order."""

from __future__ import annotations

import pytest

from tests.support.browser import Page
from tests.support.edge import SCRIPT, Site, ids_in, order_path, shows


def write(site: Site, kind: str, text: str, login: str = "resident3") -> Page:
    resident = site.person(login)
    form = resident.get("/report", {"kind": kind}).form("/report")
    page = resident.send(form, text=text)
    assert page.status in (200, 202), page.text
    return shows(resident, page.path, "Thank you.")


@pytest.mark.parametrize("kind", ["suggestion", "question", "praise"])
def test_what_is_written_is_answered_and_the_writer_is_told(site: Site, kind: str) -> None:
    page = write(site, kind, f"{kind}: {SCRIPT}")
    assert SCRIPT in page.text
    assert not page.has_form("/answer")
    path = order_path(page)
    number = path.rpartition("/")[2]
    dispatcher = site.person("dispatcher")
    shows(dispatcher, "/inquiries?tab=open", number)
    seen = dispatcher.get(path)
    answered = dispatcher.send(seen.form("/answer"), answer=f"为 {number} 答复")
    assert "The answer is sent." in answered.text
    assert not answered.has_form("/answer")
    resident = site.person("resident3")
    told = shows(resident, path, f"为 {number} 答复")
    assert ids_in(told.text) == []
    note = shows(resident, "/inbox", number)
    opened = resident.send(next(one for one in note.forms if one.fields.get("number") == [number]))
    assert order_path(opened) == path
    shows(resident, "/inquiries", number)
    assert number not in site.person("resident8").get("/inquiries").text
    assert site.person("resident8").get(path).status == 404


def test_a_suggestion_becomes_an_order_and_each_leads_to_the_other(site: Site) -> None:
    path = order_path(write(site, "suggestion", "楼道灯太暗，换亮一点的。"))
    dispatcher = site.person("dispatcher")
    form = dispatcher.get(path).form("/convert")
    done = dispatcher.send(form, category="repair.public_area")
    assert "It is a work order now." in done.text
    order = next(
        link["href"] for link in done.all("a") if link["href"].startswith("/orders/lakeside/R-")
    )
    told = shows(dispatcher, order, "楼道灯太暗，换亮一点的。")
    assert path in {link["href"] for link in told.all("a")}
    resident = site.person("resident3")
    assert order in {link["href"] for link in shows(resident, path, "work order").all("a")}


def test_what_is_missing_is_named_and_what_was_typed_stays(site: Site) -> None:
    resident = site.person("resident3")
    form = resident.get("/report?kind=question").form("/report")
    page = resident.send(form, text="  ")
    assert (page.status, page.form("/report").faults) == (400, {"text"})
    path = order_path(write(site, "question", "几点开门？"))
    dispatcher = site.person("dispatcher")
    page = dispatcher.send(dispatcher.get(path).form("/answer"), answer="")
    assert (page.status, page.form("/answer").faults) == (400, {"answer"})
    page = dispatcher.send(dispatcher.get(path).form("/convert"), category="repair.nonsense")
    assert (page.status, page.form("/convert").faults) == (400, {"category"})


def test_staff_write_down_what_somebody_says(site: Site) -> None:
    dispatcher = site.person("dispatcher")
    places = dispatcher.get("/report?kind=praise").form("/report")
    page = dispatcher.get(
        "/report",
        {"kind": "praise", "place": next(one for one in places.choices["place"].values() if one)},
    )
    form = page.form("/report")
    done = dispatcher.send(form, text="保洁很好", reporter="office", channel="phone")
    assert "保洁很好" in shows(dispatcher, done.path, "Thank you.").text


def test_managers_set_the_deadlines_and_others_may_not(site: Site) -> None:
    manager = site.person("manager")
    form = manager.get("/inquiries/deadlines").form("/deadlines")
    assert [form.text(kind) for kind in ("suggestion", "question", "praise")] == ["7", "2", "7"]
    page = manager.send(form, praise="0")
    assert (page.status, page.form("/deadlines").faults) == (400, {"praise"})
    page = manager.send(form, praise="8")
    assert page.form("/deadlines").text("praise") == "8"
    manager.send(page.form("/deadlines"), praise="7")
    for login in ("resident1", "dispatcher"):
        assert site.person(login).get("/inquiries/deadlines").status == 403


def test_there_are_both_languages(site: Site) -> None:
    path = order_path(write(site, "praise", "很好"))
    assert "表扬" in site.person("resident3", "zh-CN").get(path).headings
    assert "Praise" in site.person("resident3", "en").get(path).headings
