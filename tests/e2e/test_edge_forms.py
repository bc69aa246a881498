"""A form that is not taken keeps what was typed, names the field, and did nothing."""

from __future__ import annotations

import pytest

from tests.support.browser import Browser, Page
from tests.support.edge import Site, order_path
from tests.support.estate import soon


def test_a_report_without_a_description_keeps_the_rest_and_names_the_field(site: Site) -> None:
    resident = site.person("resident1")
    form = resident.get("/report?kind=complaint").form("/report")

    page = resident.send(form, category="noise", place=form.choice_at("place", 1), description=" ")

    failed = page.form("/report")
    assert (page.status, failed.faults) == (400, {"description"})
    assert failed.text("category") == "noise"
    assert failed.text("place") == form.choice_at("place", 1)
    assert "This is needed." in page.text


def test_the_first_field_with_a_fault_takes_the_focus(site: Site) -> None:
    technician = site.person("technician1")
    form = technician.get(site.dispatched()).form("/repair")

    page = technician.send(form, notes=" ", minutes="abc")

    focused = [each["name"] for _, each in page.tags if "autofocus" in each]
    assert focused == ["notes"]


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("minutes", "half an hour", "A whole number, please."),
        ("minutes", "-5", "A whole number, please."),
        ("charge", "35.555", "An amount such as 35.00, please."),
        ("charge", "free", "An amount such as 35.00, please."),
        ("notes", "x" * 10_001, "At most"),
    ],
    ids=["no number", "negative", "half a fen", "no amount", "too long"],
)
def test_a_repair_with_a_fault_keeps_all_that_was_typed(
    site: Site, field: str, typed: str, said: str
) -> None:
    path = site.dispatched()
    site.agreed(path, 10_000)
    technician = site.person("technician1")
    good = {"notes": "换了垫圈", "minutes": "40", "charge": "35", "material_name": ["垫圈", "", ""]}

    page = technician.send(technician.get(path).form("/repair"), **{**good, field: typed})

    failed = page.form("/repair")
    assert (page.status, failed.faults, said in page.text) == (400, {field}, True)
    assert (
        failed.fields
        | {**{name: [text] for name, text in good.items() if isinstance(text, str)}, field: [typed]}
        == failed.fields
    )
    assert failed.fields["material_name"] == ["垫圈", "", ""]
    assert technician.get(path).has_form("/repair")


def test_what_cannot_be_done_any_more_says_why_and_keeps_what_was_typed(site: Site) -> None:
    path = order_path(site.report())
    dispatcher, resident = site.person("dispatcher"), site.person("resident1")
    form = dispatcher.get(path).form("/decline")
    resident.send(resident.get(path).form("/cancel"))

    page = dispatcher.send(form, reason="cannot", note="It is the neighbour's pipe")

    assert page.status == 409
    assert "The order was cancelled; report it anew." in page.text
    assert page.form("/decline").text("note") == "It is the neighbour's pipe"


def test_a_duplicate_is_named_by_the_number_people_know(site: Site) -> None:
    first, second = order_path(site.report()), order_path(site.report())
    dispatcher = site.person("dispatcher")
    form = dispatcher.get(second).form("/merge")

    unknown = dispatcher.send(form, into="R-2020-999999")
    assert (unknown.status, unknown.form("/merge").faults) == (400, {"into"})
    itself = dispatcher.send(form, into=second.rpartition("/")[2])
    assert "That is this very order." in itself.text

    number = first.rpartition("/")[2]
    merged = dispatcher.send(form, into=number)
    assert "Merged. Its reporter follows the other order." in merged.text
    assert first in {link["href"] for link in merged.all("a")}
    resident = site.person("resident1")
    seen = soon("it is shown", lambda: _showing(resident, second, "Seen to together with"))
    assert number in seen.text
    assert not seen.has_form("/cancel")
    soon("the other shows it", lambda: _showing(dispatcher, first, "Merged into this one"))

    back = dispatcher.send(merged.form("/unmerge"))
    assert "Unmerged: it is back where it was." in back.text
    assert back.has_form("/dispatch")


def _showing(browser: Browser, path: str, text: str) -> Page | None:
    page = browser.get(path)
    return page if text in page.text else None


def test_staff_report_for_a_resident_who_then_sees_it_as_theirs(site: Site) -> None:
    guard = site.person("dispatcher")
    place = guard.get("/report").form("/report").choice("place", "2号楼 2-101")
    form = guard.get("/report", params={"place": place}).form("/report")

    page = guard.send(
        form,
        category="door_lock",
        reporter=form.choice("reporter", "赵敏"),
        channel="phone",
        description="The door does not close",
    )

    assert page.status == 200
    path = order_path(page)
    assert "The door does not close" in site.person("resident7").get(path).text


def test_a_comment_without_stars_is_not_lost_and_the_work_not_accepted_yet(site: Site) -> None:
    path = site.dispatched()
    technician, resident = site.person("technician1"), site.person("resident1")
    technician.send(technician.get(path).form("/repair"), notes="done")

    page = resident.send(resident.get(path).form("/accept"), comment="Very friendly", speed="5")

    failed = page.form("/accept")
    assert (page.status, "This is needed." in page.text) == (400, True)
    assert (failed.text("comment"), failed.text("speed")) == ("Very friendly", "5")
    rated = resident.send(failed, stars="5")
    assert "Thank you for your rating." in rated.text and "Very friendly" in rated.text


def test_a_rating_that_is_not_taken_leaves_the_work_accepted_and_all_that_was_typed(
    site: Site,
) -> None:
    path = site.dispatched()
    technician, resident = site.person("technician1"), site.person("resident1")
    technician.send(technician.get(path).form("/repair"), notes="done")

    page = resident.send(resident.get(path).form("/accept"), stars="4", comment="x" * 4001)

    assert (page.status, page.form("/rate").faults) == (400, {"comment"})
    rated = resident.send(page.form("/rate"), comment="Fine")
    assert "Thank you for your rating." in rated.text and not rated.has_form("/rate")
