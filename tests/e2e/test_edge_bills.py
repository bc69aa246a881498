"""Bills on the pages: a resident's own, a payment booked, what is owed, and who may see it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser as Chromium

from tests.support.browser import Page
from tests.support.chromium import faults_of
from tests.support.edge import Site, ids_in, order_number
from tests.support.estate import soon


def billed(site: Site, resident: str = "resident1", charge: str = "120.50") -> str:
    """The path of a bill for a repair that this resident accepted."""
    page = site.report(resident, category="plumbing", description="换了阀门")
    order, path = order_number(page), page.path.partition("?")[0]
    technician = next(
        one["person"]
        for one in site.ask("manager", "security.people", community="lakeside", search="马师傅")[
            "people"
        ]
    )
    id_ = site.ask("manager", "workorders.get", community="lakeside", number=order)["id"]
    site.tell("dispatcher", "workorders.dispatch", id=id_, technician=technician)
    site.tell("technician1", "workorders.start", id=id_)
    site.agreed(path, round(float(charge) * 100), resident)
    worker = site.person("technician1")
    done = worker.send(worker.get(path).form("/repair"), notes="换了阀门", charge=charge)
    assert done.status == 200, done.text
    owner = site.person(resident)
    owner.send(owner.get(path).form("/accept"))

    def raised() -> str | None:
        bills = site.ask(resident, "billing.list", order=id_)["bills"]
        return str(bills[0]["number"]) if bills else None

    return f"/bills/lakeside/{soon('the bill is made', raised)}"


def test_a_resident_sees_their_bill_with_the_way_to_it_and_nobody_elses(site: Site) -> None:
    path = billed(site)
    resident = site.person("resident1")
    listed = resident.get("/bills")
    assert path in {one["href"] for one in listed.all("a")}
    page = resident.get(path)
    assert page.text.count("CN¥120.50") >= 2
    assert page.headings[-2:] == ["The work was accepted", "The bill was made"]
    assert "Pay at the property office" in page.text
    assert not page.has_form("/pay") and not page.has_form("/void")
    order = next(one["href"] for one in page.all("a") if "/orders/lakeside/R-" in one["href"])
    assert resident.get(order).status == 200
    assert not ids_in(page.text + listed.text)

    neighbour = site.person("resident2")
    assert neighbour.get(path).status == 403
    assert path not in {one["href"] for one in neighbour.get("/bills").all("a")}


def test_an_accountant_books_payments_until_nothing_is_owed(site: Site) -> None:
    path = billed(site, "resident3", charge="80")
    accountant = site.person("accountant")
    page = accountant.send(accountant.get(path).form("/pay"), amount="30.00", method="cash")
    assert "The payment is booked." in page.text and "CN¥50.00" in page.text

    wrong = accountant.send(page.form("/pay"), amount="50.001", method="card")
    assert wrong.status == 400 and "An amount such as 35.00, please." in wrong.text
    assert wrong.form("/pay").text("amount") == "50.001"
    more = accountant.send(wrong.form("/pay"), amount="60", method="card")
    assert more.status == 409 and "more than is still to be paid" in more.text
    none = accountant.send(more.form("/pay"), amount="", method="")
    assert none.form("/pay").faults == {"amount", "method"}

    paid = accountant.send(none.form("/pay"), amount="50", method="wechat", receipt="W-77")
    assert paid.headings[-1] == "Paid in full"
    assert "W-77" in paid.text and not paid.has_form("/pay")
    assert "Paid in full" in site.person("resident3").get(path).text


def test_what_is_let_go_of_is_not_owed_any_more(site: Site) -> None:
    path = billed(site, "resident4", charge="15")
    manager = site.person("manager")
    page = manager.get(path)
    assert not page.has_form("/pay")
    assert manager.send(page.form("/void"), reason=" ").status == 400
    gone = manager.send(page.form("/void"), reason="换错了零件")
    assert "换错了零件" in gone.text and "Not owed any more" in gone.headings


def test_arrears_are_told_by_home_to_who_keeps_the_books(site: Site) -> None:
    path = billed(site, "resident5", charge="66.60")
    page: Page = site.person("accountant").get("/bills/arrears")
    assert "1号楼 1-301" in page.text
    address = next(
        one["href"] for one in page.all("a") if "unit=" in one["href"] and "/bills" in one["href"]
    )
    assert site.person("accountant").get(address).status == 200
    assert path
    for login in ("resident1", "dispatcher", "technician1"):
        assert site.person(login).get("/bills/arrears").status == 403


def test_a_call_taker_is_told_what_the_home_owes_where_they_keep_books_alone(site: Site) -> None:
    billed(site, "resident6", charge="9")
    for login, told in (("manager", True), ("dispatcher", False)):
        one = site.person(login)
        page = one.send(one.get("/calls").form("/calls"), wanted="杨帆")
        assert "1-302" in page.text
        assert ("Owes " in page.text) is told
        assert "report in 90 days" in page.text or "reports in 90 days" in page.text


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_pages_about_bills_are_fit_for_everybody(
    chromium: Chromium, site: Site, language: str
) -> None:
    path = billed(site, "resident1", charge="10")
    pages = {"resident1": ("/bills", path), "accountant": ("/bills", path, "/bills/arrears")}
    assert not faults_of(chromium, site, pages, language)
