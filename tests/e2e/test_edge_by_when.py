"""The order's page says by when it is due, and lets those who dispatch say how urgent it is."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.support.asking import ask, order
from tests.support.edge import COMMUNITY, Site, order_path


def test_a_resident_sees_by_when_somebody_is_to_come(site: Site) -> None:
    page = site.report()
    assert "By when" in page.headings
    assert "Assigned Running" in page.text and "of working time left" in page.text


def test_a_dispatcher_makes_it_urgent_and_it_is_due_at_once(site: Site) -> None:
    dispatcher = site.person("dispatcher")
    path = order_path(site.report())
    form = dispatcher.get(path).form("/prioritise")
    page = dispatcher.send(form, priority=form.choice("priority", "Urgent"))
    assert page.status == 200
    assert "Priority Urgent" in page.text and "Priority changed" in page.text
    assert "14 min left." in page.text or "15 min left." in page.text


def test_a_pause_says_why_nothing_is_due(site: Site) -> None:
    path = site.dispatched()
    technician = site.person("technician1")
    form = technician.get(path).form("/pause")
    page = technician.send(form, reason="parts")
    assert "On hold Waiting for parts." in page.text


def test_an_agreed_visit_is_waited_for_and_a_resident_puts_it_off(site: Site) -> None:
    path = site.dispatched()
    number = path.rpartition("/")[2]
    found = ask(site, "dispatcher", "workorders/get", {"community": COMMUNITY, "number": number})
    starts = datetime.now().astimezone() + timedelta(days=57)
    window = {"starts": starts.isoformat(), "ends": (starts + timedelta(hours=2)).isoformat()}
    order(site, "dispatcher", "offer_visits", id=found["id"], windows=[window])
    resident = site.person("resident1")
    page = resident.send(resident.get(path).form("/choose_visit"), window="1")
    assert "Waiting Waiting for the agreed visit." in page.text
    manager = site.person("manager")
    compared = manager.get(f"/levels/what-if?number={number}&calendar=1&targets=1")
    assert "Waiting for the agreed visit" in compared.text
    assert "The resident asked for it" in manager.get(path).text
    assert "The resident asked for it" not in page.text
    after, day = ((starts + timedelta(days=by)).date().isoformat() for by in (10, -10))
    page = resident.send(page.form("/defer"), until=after, reason="on holiday")
    assert "A visit is agreed before that date; move it first, or call it off" in page.text
    page = resident.send(page.form("/defer"), until=day, reason="on holiday")
    assert "It is put off" in page.text and "Put off to a date" in page.text
    page = resident.send(page.form("/resume"))
    assert page.status == 200 and "Work goes on." in page.text
