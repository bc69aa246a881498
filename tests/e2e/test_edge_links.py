"""What ties orders together, on their pages: parts for other trades, and reporting again."""

from __future__ import annotations

from tests.support.browser import Browser, Page
from tests.support.edge import Site, order_number, order_path, shows
from tests.support.estate import soon


def test_an_order_for_two_trades_is_done_when_both_are(site: Site) -> None:
    path = site.dispatched()
    dispatcher, technician = site.person("dispatcher"), site.person("technician1")
    form = dispatcher.get(path).form("/add_sub_order")
    empty = dispatcher.send(form, category="repair.electrical", description=" ")
    assert (empty.status, empty.form("/add_sub_order").faults) == (400, {"description"})
    added = dispatcher.send(form, category="repair.electrical", description="先断电再改线")
    assert "The part is added." in added.text

    page = shows(dispatcher, path, "Parts of this order")
    part = next(
        link["href"]
        for link in page.all("a")
        if link["href"].startswith("/orders/") and link["href"] not in (path, "/orders")
    )
    assert "先断电再改线" in dispatcher.get(part).text
    assert "Part of" in dispatcher.get(part).headings
    assert not dispatcher.get(part).has_form("/add_sub_order")

    resident = site.person("resident1")
    seen = shows(resident, path, "What is done for it")
    assert part not in {link["href"] for link in seen.all("a")}, "its page is not for residents"
    assert resident.get(part).status == 404
    assert not seen.has_form("/cancel")

    assert not technician.get(path).has_form("/repair")
    declined = dispatcher.send(
        dispatcher.get(part).form("/decline"), reason="cannot", note="不用改线"
    )
    assert declined.status == 200
    done = soon("the whole may be done", lambda: _with_form(technician, path, "/repair"))
    technician.send(done.form("/repair"), notes="修好了")
    assert shows(resident, path, "Is it settled?").has_form("/accept")


def _with_form(browser: Browser, path: str, action: str) -> Page | None:
    page = browser.get(path)
    return page if page.has_form(action) else None


def test_within_the_window_nothing_is_reported_again_but_reopened(site: Site) -> None:
    path = site.dispatched()
    technician, resident = site.person("technician1"), site.person("resident1")
    technician.send(technician.get(path).form("/repair"), notes="修好了")
    accepted = resident.send(resident.get(path).form("/accept"))
    assert accepted.has_form("/reopen")
    assert not accepted.has_form("/report_again")
    typed = {**accepted.form("/reopen").fields, "description": "又漏了"}
    early = resident.post(f"{path}/report_again", typed)
    assert early.status == 409
    assert "It was accepted a short while ago; open it again instead." in early.text
    assert early.form("/report_again").text("description") == "又漏了"
    assert order_number(accepted) == order_path(early).rsplit("/", 2)[1]
