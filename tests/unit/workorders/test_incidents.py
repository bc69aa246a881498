"""Outages that staff announces: what they answer, who is told of them, who opens and ends them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.workorders.dispatching import schemas as d
from services.workorders.incidents import domain as i
from services.workorders.incidents import schemas as ins
from services.workorders.orders import schemas as o
from services.workorders.orders.domain import commands as c
from services.workorders.orders.domain.refusals import NotYourOrder
from shared.errors import Invalid
from shared.testing.scenario import NOON, given
from tests.support.order_facts import BUILDING, OTHER_BUILDING, WANG
from tests.unit.workorders.desk import Desk, boss, li, mei, stranger, sun, wang


def outage(desk: Desk, caller: Any = sun, **more: Any) -> str:
    request = {
        "community": "garden",
        "category": "lift",
        "buildings": [BUILDING],
        "notice": "电梯维修中",
    }
    made = desk.ask("incidents", "open_incident", ins.OpenIncident, caller, **{**request, **more})
    return str(made["id"])


def test_an_incident_answers_reports_before_and_after_it_in_its_place_and_category(
    desk: Desk,
) -> None:
    waiting, sent, done = desk.report("lift"), desk.report("lift"), desk.report("lift")
    for order in (sent, done):
        desk.ask("orders", "dispatch", o.Dispatch, sun, id=order, technician=WANG)
    desk.ask("orders", "repair", o.Repair, wang, id=done, notes="修好了")
    incident = outage(desk)
    after = desk.report("lift")
    desk.report("plumbing")
    before = [one.data["order"] for one in desk.of("ReportLinked")][:-1]
    assert set(before) == {waiting, sent}
    assert [one.data["order"] for one in desk.of("ReportLinked")] == [*before, after]
    desk.ask("incidents", "close_incident", ins.CloseIncident, sun, id=incident)
    (closed,) = desk.of("IncidentClosed")
    assert [one["order"] for one in closed.data["reports"]] == [*before, after]
    desk.report("lift")
    assert len(desk.of("ReportLinked")) == 3


def test_an_order_that_comes_back_while_an_incident_is_open_is_linked_to_it_once(
    desk: Desk,
) -> None:
    appealed, merged, other = desk.report("lift"), desk.report("lift"), desk.report("lift")
    desk.does(sun, c.Decline, appealed, reason="cannot", note="查无此故障")
    desk.ask("linking", "merge", o.Merge, sun, id=merged, into=other)
    outage(desk)
    assert [one.data["order"] for one in desk.of("ReportLinked")] == [other]
    desk.does(li, c.Appeal, appealed, text="电梯还是停的")
    desk.does(sun, c.Unmerge, merged)
    assert [one.data["order"] for one in desk.of("ReportLinked")] == [other, appealed, merged]
    desk.does(sun, c.Decline, appealed, reason="cannot", note="查无此故障")
    desk.does(li, c.Appeal, appealed, text="电梯还是停的")
    assert len(desk.of("ReportLinked")) == 3


def test_no_second_incident_is_opened_over_one_that_is_open(desk: Desk) -> None:
    first = outage(desk)
    for buildings in ([BUILDING], [OTHER_BUILDING, BUILDING]):
        with pytest.raises(i.IncidentKnown) as refused:
            outage(desk, buildings=buildings, notice="电梯又停了")
        assert "电梯维修中" in refused.value.message
        assert list(refused.value.fields) == ["buildings"]
    assert len(desk.of("IncidentOpened")) == 1
    outage(desk, buildings=[OTHER_BUILDING])
    outage(desk, category="heating")
    desk.ask("incidents", "close_incident", ins.CloseIncident, sun, id=first)
    outage(desk)


def test_opening_an_incident_twice_with_one_id_opens_one(desk: Desk) -> None:
    same = str(uuid4())
    assert outage(desk, command_id=same) == outage(desk, command_id=same)
    assert len(desk.of("IncidentOpened")) == 1


def test_those_who_look_after_orders_see_what_is_linked_and_how_far_it_is(desk: Desk) -> None:
    order = desk.report("lift")
    incident = outage(desk)
    desk.ask("orders", "dispatch", o.Dispatch, sun, id=order, technician=WANG)
    found = desk.ask("incidents", "incident", ins.OneIncident, sun, id=incident)
    assert (found["incident"]["id"], found["incident"]["reports"]) == (incident, 1)
    assert [(one["id"], one["state"]) for one in found["orders"]] == [(order, "dispatched")]
    for caller, id_ in ((mei, incident), (stranger, incident), (sun, order)):
        with pytest.raises(i.NoSuchIncident):
            desk.ask("incidents", "incident", ins.OneIncident, caller, id=id_)


def test_who_is_about_to_report_is_told_of_it(desk: Desk) -> None:
    incident = outage(desk)
    (known,) = desk.suggest()["incidents"]
    assert (known["id"], known["notice"]) == (incident, "电梯维修中")
    assert desk.suggest(building=OTHER_BUILDING)["incidents"] == []
    shown = desk.ask("incidents", "incidents", ins.Incidents, mei, community="garden")
    assert [one["id"] for one in shown["incidents"]] == [incident]


def test_what_an_incident_answers_is_given_to_nobody_until_it_is_over(desk: Desk) -> None:
    desk.mode("automatic", "lift")
    desk.skill(WANG, "lift")
    desk.shift(WANG)
    incident = outage(desk)
    order = desk.report("lift")
    assert desk.round()["waiting"] == 0
    desk.mode("grab", "lift")
    pool = desk.ask("dispatching", "pool", d.OfCommunity, wang, community="garden")
    assert pool["orders"] == []
    with pytest.raises(NotYourOrder):
        desk.ask("dispatching", "grab", d.Grab, wang, id=order)
    desk.mode("automatic", "lift")
    desk.ask("incidents", "close_incident", ins.CloseIncident, sun, id=incident)
    assert len(desk.round()["dispatched"]) == 1


def test_incidents_are_the_dispatchers(desk: Desk) -> None:
    with pytest.raises(i.NotADispatcher):
        outage(desk, mei)
    incident = outage(desk)
    for caller, error in ((mei, i.NotADispatcher), (boss, None), (boss, i.IncidentOver)):
        if error is None:
            desk.ask("incidents", "close_incident", ins.CloseIncident, caller, id=incident)
        else:
            with pytest.raises(error):
                desk.ask("incidents", "close_incident", ins.CloseIncident, caller, id=incident)


def test_what_is_said_last_of_an_outage_is_what_people_read(desk: Desk) -> None:
    desk.report("lift")
    incident = outage(desk)
    late = (desk.clock.now() + timedelta(hours=5)).isoformat()

    def answer(caller: Any = sun, **more: Any) -> None:
        said = {"id": incident, "notice": "备件明早到", "expected_end": late, **more}
        desk.ask("incidents", "answer_incident", ins.AnswerIncident, caller, **said)

    answer()
    (answered,) = desk.of("IncidentAnswered")
    assert len(answered.data["reports"]) == 1
    shown = desk.ask("incidents", "incidents", ins.Incidents, mei, community="garden")
    (one,) = shown["incidents"]
    assert (one["notice"], one["expected_end"], one["reports"]) == ("备件明早到", late, 1)
    with pytest.raises(i.NotADispatcher):
        answer(mei)
    with pytest.raises(Invalid) as error:
        answer(expected_end=(desk.clock.now() - timedelta(hours=1)).isoformat())
    assert list(error.value.fields) == ["expected_end"]
    desk.ask("incidents", "close_incident", ins.CloseIncident, sun, id=incident)
    with pytest.raises(i.IncidentOver):
        answer()


def test_a_report_is_linked_once_and_to_nothing_that_is_over() -> None:
    opened = i.IncidentOpened(
        incident="garden.i", kind="repair", category="lift", affected=("b",), notice=None,
        expected_end=None,
    )  # fmt: skip
    link = i.Link(order="o", number="R-1", building="b", accepter="li")
    linked = i.ReportLinked(
        incident="garden.i", order="o", number="R-1", kind="repair", category="lift",
        building="b", accepter="li",
    )  # fmt: skip
    report = i.LinkedReport(order="o", number="R-1", accepter="li")
    closed = i.IncidentClosed(
        incident="garden.i", kind="repair", category="lift", affected=("b",), reports=(report,)
    )
    given(i.INCIDENT, opened).when(link).then(linked)
    given(i.INCIDENT, opened, linked).when(link).then()
    given(i.INCIDENT, opened, closed).when(link).then()
    given(i.INCIDENT, opened, linked).when(i.Close(by=sun, incident="garden.i")).then(closed)


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("category", {"category": "weather"}),
        ("buildings", {"affected": ()}),
        ("expected_end", {"expected_end": NOON - timedelta(hours=1)}),
    ],
    ids=["category", "buildings", "expected end"],
)
def test_an_incident_that_makes_no_sense_is_invalid(field: str, changes: dict[str, Any]) -> None:
    good = {
        "by": sun, "incident": "garden.i", "kind": "repair", "category": "lift",
        "affected": ("b",), "notice": "n", "expected_end": None,
    }  # fmt: skip
    given(i.INCIDENT).when(i.Open(**{**good, **changes})).refused(Invalid, fields=[field])


def test_a_building_of_another_community_is_invalid(desk: Desk) -> None:
    with pytest.raises(Invalid):
        outage(desk, buildings=["hill.00000000-0000-4000-8000-000000000001"])
