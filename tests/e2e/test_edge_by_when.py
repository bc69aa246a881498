"""The order's page says by when it is due, and lets those who dispatch say how urgent it is."""

from __future__ import annotations

from tests.support.edge import Site, order_path


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
