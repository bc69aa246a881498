"""Quotes by RPC and on pages: no charge without a yes, no yes to what is over."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from shared.errors import Invalid, Refused
from tests.support.browser import Page
from tests.support.edge import Site
from tests.support.estate import Estate, soon
from tests.support.lifecycle import Walk, a_quote


def test_a_charge_takes_a_quote_that_its_payer_accepted(estate: Estate) -> None:
    walk = Walk(estate).to("dispatched")
    technician, resident = estate.person("technician1"), estate.person("resident1")
    do = {"id": walk.id}
    charged = {**do, "notes": "done", "charge_fen": 1250}
    error = technician.refused(Refused, "workorders", "repair", **charged)
    assert (error.reason, set(error.fields)) == ("nothing_agreed", {"charge_fen"})
    walk.do("technician1", "quote", **a_quote(1250))
    assert technician.refused(Refused, "workorders", "start", **do).reason == "quote_unanswered"
    resident.order("accept_quote", **do, quote=1)
    again = resident.refused(Refused, "workorders", "accept_quote", **do, quote=1)
    assert again.reason == "quote_already_accepted"
    walk.do("technician1", "start")
    over = technician.refused(Refused, "workorders", "repair", **{**charged, "charge_fen": 1251})
    assert over.reason == "more_than_quoted"
    walk.repair(charge_fen=1250)
    order = resident.order("get", **do)
    assert (order["agreed"]["total_fen"], order["quote"]["state"]) == (1250, "accepted")


def test_a_quote_lapses_by_itself_and_is_accepted_no_more(estate: Estate) -> None:
    walk = Walk(estate).to("dispatched")
    walk.do("technician1", "quote", **a_quote(700, lasting=timedelta(seconds=5)))
    resident = estate.person("resident1")

    def told() -> bool:
        events = resident.order("history", id=walk.id)["events"]
        return bool(events[-1]["type"] == "WorkOrderQuoteLapsed")

    soon("the lapse is recorded", told)
    error = resident.refused(Refused, "workorders", "accept_quote", id=walk.id, quote=1)
    assert error.reason == "quote_lapsed"


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "no lines": ({"lines": []}, "lines"),
    "a payer who is none": ({"payer": "neighbour"}, "payer"),
    "money below nothing": (
        {"lines": [{"kind": "labour", "what": "x", "quantity": 1, "unit_fen": -1}]},
        "lines.0.unit_fen",
    ),
    "nothing at all": (
        {"lines": [{"kind": "labour", "what": "x", "quantity": 1, "unit_fen": 0}]},
        "lines",
    ),
    "over before it began": ({"valid_until": "2020-01-01T00:00:00Z"}, "valid_until"),
    "a time without a zone": ({"valid_until": "2030-01-01T00:00:00"}, "valid_until"),
}


@pytest.mark.parametrize(("changes", "field"), WRONG.values(), ids=WRONG.keys())
def test_a_quote_that_makes_no_sense_writes_nothing(
    estate: Estate, changes: dict[str, Any], field: str
) -> None:
    walk = Walk(estate).to("dispatched")
    request = {"id": walk.id, **a_quote(100), **changes}
    error = estate.person("technician1").refused(Invalid, "workorders", "quote", **request)
    assert field in error.fields
    assert estate.person("technician1").order("get", id=walk.id)["version"] == walk.version


LINES = {
    "line_kind": ["material", "labour", "material", "material"],
    "line_what": ["角阀", "换角阀", "", ""],
    "line_quantity": ["2", "", "", ""],
    "line_price": ["38", "￥60.00", "", ""],
}


@pytest.mark.parametrize(
    ("language", "yes", "told"),
    [
        ("en", "The quote is accepted. Work can begin.", "CN¥136.00"),
        ("zh-CN", "报价已接受，可以开工。", "¥136.00"),
    ],
)
def test_a_quote_is_put_accepted_and_charged_on_pages(
    site: Site, language: str, yes: str, told: str
) -> None:
    path = site.dispatched()
    technician, resident = site.person("technician1", language), site.person("resident1", language)
    page = technician.get(path)
    assert "charge" not in page.form("/repair").fields
    put = technician.send(page.form("/quote"), **LINES)
    assert put.status == 200 and told in put.text and not put.has_form("/start")
    asked = resident.get(path)
    assert "角阀" in asked.text and told in asked.text
    accepted = resident.send(asked.form("/accept_quote"))
    assert yes in accepted.text
    page = technician.get(path)
    assert page.form("/repair").text("charge") == "136.00", "as agreed, to be lowered"
    done = technician.send(page.form("/repair"), notes="换好了", charge="130")
    assert done.status == 200
    assert told.replace("136", "130") in resident.get(path).text


def test_what_is_wrong_with_a_quote_is_said_at_its_field(site: Site) -> None:
    path = site.dispatched()
    technician = site.person("technician1")
    form = technician.get(path).form("/quote")
    page = technician.send(form, **{**LINES, "line_price": ["1.234", "", "", ""]})
    assert page.status == 400
    assert "An amount such as 35.00, please." in page.text
    assert page.form("/quote").fields["line_what"][0] == "角阀", "what was typed stays"
    page = technician.send(page.form("/quote"), **{**LINES, "valid_until": "2020-01-01"})
    assert "This time is over already." in page.text
    page = technician.send(page.form("/quote"), **{**LINES, "line_what": [""] * 4,
                                                   "line_price": [""] * 4})  # fmt: skip
    assert "At least one line, please." in page.text


def put_on_page(site: Site, payer: str) -> str:
    """The path of an order that the technician quoted for this payer."""
    path = site.dispatched()
    technician = site.person("technician1", "en")
    page = technician.send(technician.get(path).form("/quote"), **LINES, payer=payer)
    assert page.status == 200, page.text
    return path


@pytest.mark.parametrize(
    ("language", "heading", "decided"),
    [("en", "Quotes", "The owners' committee"), ("zh-CN", "报价", "业主委员会")],
)
def test_the_committee_finds_what_the_fund_is_to_pay_on_its_page(
    site: Site, language: str, heading: str, decided: str
) -> None:
    path = put_on_page(site, "fund")
    number = path.rpartition("/")[2]
    committee = site.person("committee", language)

    def listed() -> Page | None:
        page = committee.get("/quotes")
        return page if number in page.text else None

    page = soon("the quote is listed", listed)
    assert heading in page.headings
    assert any(each["href"] == "/quotes" for each in page.all("a")), "the page is in the menu"
    shown = committee.get(path)
    assert decided in shown.text
    for name in ("王秀英", "马师傅"):
        assert name not in shown.text, "it decides without knowing whose home it is"
    manager = site.person("manager", language)
    assert not manager.get(path).has_form("/accept_quote")
    assert number not in manager.get("/quotes").text
    accepted = committee.send(shown.form("/accept_quote"))
    assert accepted.status == 200 and decided in accepted.text
    soon("the quote is answered", lambda: number not in committee.get("/quotes").text)


def test_what_a_resident_says_on_the_phone_is_taken_down_and_objected_to(site: Site) -> None:
    path = put_on_page(site, "owner")
    dispatcher, resident = site.person("dispatcher", "en"), site.person("resident1", "en")
    form = dispatcher.get(path).form("/accept_quote_for")
    future = dispatcher.send(form, channel="phone", said_at="2037-01-01T10:00")
    assert future.status == 400 and "This time is still to come." in future.text
    taken = dispatcher.send(
        future.form("/accept_quote_for"), channel="phone", said_at="", note="called back"
    )
    assert "It is taken down." in taken.text and "called back" in taken.text
    assert not site.person("technician1", "en").get(path).has_form("/start")
    asked = resident.get(path)
    assert "Our staff took down that you accept quote 1." in asked.text
    objected = resident.send(asked.form("/object_to_quote_answer"), reason="I only asked")
    assert objected.has_form("/accept_quote") and "I only asked" in dispatcher.get(path).text
    again = dispatcher.send(dispatcher.get(path).form("/accept_quote_for"), channel="counter")
    assert again.status == 200
    confirmed = resident.send(resident.get(path).form("/confirm_quote_answer"))
    assert "Thank you. It stands." in confirmed.text
    assert site.person("technician1", "en").get(path).has_form("/start")
