"""What is suggested of a report, which others are like it, who follows it, and outages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.workorders.dispatching import schemas as d
from services.workorders.followers import domain as f
from services.workorders.followers import schemas as fs
from services.workorders.incidents import domain as i
from services.workorders.incidents import schemas as ins
from services.workorders.orders import schemas as o
from services.workorders.orders.domain import commands as c
from services.workorders.orders.domain.categories import CATEGORIES
from services.workorders.orders.domain.refusals import NoSuchOrder, NotYourOrder
from services.workorders.triage import domain, text
from services.workorders.triage import schemas as ts
from shared.errors import Forbidden, Invalid
from shared.testing.scenario import NOON, given
from tests.support.order_facts import (
    BUILDING,
    LI,
    MEI,
    OTHER_BUILDING,
    UNIT,
    WANG,
)
from tests.unit.workorders.desk import Desk, boss, li, mei, stranger, sun, wang

# -- category and priority -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("report", "category", "words", "priority"),
    [
        ("厨房水管漏水，已经漏到楼下了", "plumbing", "厨房 水管 漏水", "normal"),
        ("电梯困人了！快来", "lift", "电梯 困人", "urgent"),
        ("客厅的灯不亮，跳闸了，有火花", "electrical", "灯不亮 跳闸 火花", "urgent"),
        ("暖气不热，家里有婴儿", "heating", "暖气 不热 婴儿", "high"),
        ("Kitchen faucet is leeking, no hurry", "plumbing", None, "low"),
        ("The ELEVATER is stuck, an old man is trapped inside", "lift", None, "urgent"),
        ("upstairs neighbours play loud music after midnight", "noise", None, "normal"),
        ("有人乱停车，占车位", "parking", None, "normal"),
    ],
    ids=str,
)
def test_what_people_write_speaks_for_a_category_and_a_priority(
    report: str, category: str, words: str | None, priority: str
) -> None:
    found = text.words_of(report)
    if words is not None:
        assert set(found) == set(words.split())
    assert domain.categories(found, text.rules())[0].category == category
    assert domain.priority(found, text.rules()).priority == priority


def test_text_that_says_nothing_gets_no_suggestion() -> None:
    assert text.words_of("你好 hello 12345 💧") == []
    assert domain.categories([], text.rules()) == []
    assert domain.priority([], text.rules()) == domain.PrioritySuggestion(
        priority="normal", words=()
    )


def test_a_longer_phrase_stands_for_itself_alone() -> None:
    assert text.words_of("a smell of gas") == ["smell of gas"]


def test_short_words_are_not_guessed_at() -> None:
    assert "cat" not in text.words_of("my car was hit")
    assert "tap" not in text.words_of("the tape is loose")


def test_the_rules_name_only_what_there_is() -> None:
    known = {f"{kind}/{name}" for kind, names in CATEGORIES.items() for name in names}
    assert set(text.rules().categories) == {one for one in known if not one.endswith("/other")}
    assert set(text.rules().priorities) <= set(domain.PRIORITIES)
    assert all(word == word.lower() for word in text.rules().words())


# -- likely duplicates ---------------------------------------------------------------------------


def report(**changes: Any) -> domain.Report:
    good = {"kind": "repair", "category": "lift", "building": "b", "unit": None, "at": NOON}
    return domain.Report(**{**good, **changes})


def test_likeness_is_made_of_text_place_category_and_time() -> None:
    assert domain.likeness(report(), report(), 100) == 100
    assert domain.likeness(report(), report(unit="u"), 100) == 90
    assert domain.likeness(report(), report(category="other"), 100) == 85
    assert domain.likeness(report(), report(), 20) == 60
    days = timedelta(days=1)
    assert domain.likeness(report(), report(at=NOON - 7 * days), 100) == 85
    assert domain.likeness(report(), report(at=NOON - 8 * days), 100) == 0
    assert domain.likeness(report(), report(building="c"), 100) == 0
    assert domain.likeness(report(), report(kind="complaint"), 100) == 0


def suggest(desk: Desk, caller: Any = mei, **more: Any) -> Any:
    request = {
        "community": "garden",
        "building": BUILDING,
        "description": "楼里的电梯坏了，一直停在三楼",
    }
    return desk.ask("triage", "suggest", ts.Suggest, caller, **{**request, **more})


def test_a_neighbours_report_of_the_same_is_shown_without_their_words_name_or_door(
    desk: Desk,
) -> None:
    order = desk.report("lift", description="电梯坏了，停在三楼不动")
    desk.report("plumbing", description="厨房漏水")
    found = suggest(desk)
    (like,) = found["duplicates"]
    assert like.pop("score") >= domain.LIKELY
    assert like == {
        "id": order,
        "number": "R-2026-000001",
        "kind": "repair",
        "category": "lift",
        "building": BUILDING,
        "state": "submitted",
        "submitted_at": NOON.isoformat(),
    }
    assert found["categories"][0]["category"] == "lift"
    assert suggest(desk, building=OTHER_BUILDING)["duplicates"] == []


def test_what_a_person_chose_is_left_as_it_is(desk: Desk) -> None:
    found = suggest(desk, kind="complaint", description="电梯坏了，态度差")
    assert {one["kind"] for one in found["categories"]} == {"complaint"}
    order = desk.report("plumbing", description="电梯坏了")
    row = desk.ask("queries", "get", o.Get, sun, id=order)
    assert row["category"] == "plumbing"


def test_who_is_about_to_report_reads_how_it_finds_its_technician_and_by_when(desk: Desk) -> None:
    assert suggest(desk, description="")["mode"] is None
    before = suggest(desk, kind="repair", category="plumbing")
    assert (before["mode"], before["promises"]) == ("assign", [])
    desk.mode("grab")
    desk.promise(plumbing=30)
    found = suggest(desk, kind="repair", category="plumbing", description="")
    assert found["mode"] == "grab"
    due = (NOON + timedelta(minutes=30)).isoformat()
    assert found["promises"] == [{"target": "respond", "due": due}]
    assert suggest(desk, kind="repair", category="lift")["promises"] == []


def test_suggestions_are_for_the_people_of_the_community(desk: Desk) -> None:
    with pytest.raises(Forbidden):
        suggest(desk, stranger)


def test_staff_is_shown_what_an_order_may_duplicate(desk: Desk) -> None:
    first = desk.report("lift", description="电梯坏了，停在三楼不动")
    second = desk.report("lift", description="三楼电梯坏了")
    found = desk.ask("triage", "duplicates", ts.Duplicates, sun, id=second)
    assert [one["id"] for one in found["duplicates"]] == [first]
    with pytest.raises(NoSuchOrder):
        desk.ask("triage", "duplicates", ts.Duplicates, mei, id=second)


# -- following -----------------------------------------------------------------------------------


def follow(desk: Desk, order: str, caller: Any = mei, method: str = "follow") -> Any:
    return desk.ask("following", method, fs.OnOrder, caller, id=order)


def test_who_follows_an_order_hears_of_its_progress_until_they_do_not(desk: Desk) -> None:
    order = desk.report()
    assert follow(desk, order)["following"] is True
    assert follow(desk, order)["following"] is True
    desk.ask("orders", "dispatch", o.Dispatch, sun, id=order, technician=WANG)
    (moved,) = desk.of("FollowedOrderMoved")
    assert (moved.data["progress"], moved.data["followers"]) == ("dispatched", [MEI])
    assert follow(desk, order, method="unfollow")["following"] is False
    desk.does(wang, c.Start, order)
    assert len(desk.of("FollowedOrderMoved")) == len(desk.of("OrderFollowed")) == 1


def test_a_follower_sees_no_more_than_what_and_where_and_how_far(desk: Desk) -> None:
    order = desk.report()
    follow(desk, order)
    found = desk.ask("following", "followed", fs.Followed, mei)
    assert found["orders"] == [
        {
            "id": order,
            "number": "R-2026-000001",
            "kind": "repair",
            "category": "plumbing",
            "building": BUILDING,
            "state": "submitted",
            "submitted_at": NOON.isoformat(),
        }
    ]
    with pytest.raises(NoSuchOrder):
        desk.ask("queries", "get", o.Get, mei, id=order)
    told = [one.data for one in desk.facts() if one.type == "OrderFollowed"]
    assert not {LI, UNIT, "漏水"} & set(map(str, told[0].values()))


def test_only_people_of_the_community_follow_and_only_what_goes_on(desk: Desk) -> None:
    order = desk.report()
    with pytest.raises(NoSuchOrder):
        follow(desk, order, stranger)
    desk.does(li, c.Cancel, order)
    with pytest.raises(f.NothingToFollow):
        follow(desk, order)


# -- outages -------------------------------------------------------------------------------------


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
    (known,) = suggest(desk)["incidents"]
    assert (known["id"], known["notice"]) == (incident, "电梯维修中")
    assert suggest(desk, building=OTHER_BUILDING)["incidents"] == []
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
