"""Outages on their pages: announced, linked, answered and closed."""

from __future__ import annotations

from tests.support.asking import ask
from tests.support.edge import COMMUNITY, Site, order_path, shows


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
    page = shows(dispatcher, here, number)
    assert "燃气检修" in site.person("resident8").get(path).text

    answered = dispatcher.send(page.form("/answer_incident"), notice="今晚八点恢复")
    assert "今晚八点恢复" in answered.text and "燃气检修" not in answered.text
    told = shows(site.person("resident8"), "/inbox", "There is news of the trouble")
    assert number in told.text
    closed = dispatcher.send(answered.form("/close_incident"))
    assert "over" in closed.text and not closed.has_form("/close_incident")
    again = dispatcher.send(answered.form("/close_incident"), command_id="")
    assert again.status == 409 and "over already" in again.text
    assert "2号楼" in dispatcher.get("/incidents?all=1").text


def test_an_outage_is_not_for_those_of_other_places(site: Site) -> None:
    assert site.person("dispatcher").get("/incidents/elsewhere.nothing").status in (400, 404)
