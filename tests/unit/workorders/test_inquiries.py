"""Suggestions, questions and praise, through the service's own use cases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.security.register.domain.events import TenancyEnded
from services.workorders.definition import SERVICE
from services.workorders.inquiries import schemas as s
from services.workorders.inquiries.application import WordsForgotten
from services.workorders.inquiries.domain import deadlines as d
from services.workorders.inquiries.domain import inquiry as i
from services.workorders.inquiries.domain.deadlines import NotTheirDeadline
from services.workorders.inquiries.domain.events import AnswerDeadlinesSet
from services.workorders.orders import schemas as o
from services.workorders.orders.domain.refusals import MayNotClaimTime
from shared.errors import Conflict, Forbidden, Invalid
from shared.following import timers
from shared.identity.caller import Caller, Post
from shared.testing.scenario import NOON, given
from tests.support.order_facts import (
    BUILDING,
    LI,
    MEI,
    OTHER_BUILDING,
    UNIT,
    community_registered,
    fact,
    forgotten,
    granted,
    registered,
)
from tests.unit.workorders.desk import Desk, boss, li, machine, mei, placed, stranger, sun, wang

next_door = Caller("garden.ann", (Post("dispatcher", "garden", (OTHER_BUILDING,)),))


class Inbox(Desk):
    """What people ask, suggest and praise, in few words."""

    def inquiry(self, method: str, schema: type, caller: Caller, /, **data: Any) -> Any:
        return self.ask("inquiries", method, schema, caller, **data)

    def asks(self, kind: str = "question", caller: Caller = li, **more: Any) -> Any:
        asked = {"unit": UNIT, "text": "水箱何时清洗？", **more}
        return self.inquiry(
            "submit_inquiry", s.SubmitInquiry, caller, community="garden", kind=kind, **asked
        )

    def answers(self, inquiry: str, caller: Caller = sun, **more: Any) -> Any:
        answer = {"answer": "下周三。", **more}
        return self.inquiry("answer_inquiry", s.AnswerInquiry, caller, id=inquiry, **answer)

    def converts(self, inquiry: str, caller: Caller = sun, **more: Any) -> Any:
        into = {"kind": "repair", "category": "public_area", **more}
        return self.inquiry("convert_inquiry", s.ConvertInquiry, caller, id=inquiry, **into)

    def escalates(self, inquiry: str, caller: Caller = machine) -> Any:
        return self.inquiry("escalate_inquiry", s.OnInquiry, caller, id=inquiry)

    def reads(self, inquiry: str, caller: Caller = sun) -> Any:
        return self.inquiry("inquiry", s.GetInquiry, caller, id=inquiry)

    def lists(self, caller: Caller = sun, **asked: Any) -> list[str]:
        found = self.inquiry("inquiries", s.Inquiries, caller, **asked)["inquiries"]
        return [one["number"] for one in found]

    def order(self, order: str) -> Any:
        return self.ask("queries", "get", o.Get, sun, id=order)


@pytest.fixture
def desk() -> Iterator[Inbox]:
    found = Inbox(SERVICE)
    office = (registered(sun.person), granted(sun.person, "dispatcher"))
    found.told("security", community_registered(), *placed(), *office)
    yield found
    found.close()


@pytest.mark.parametrize(
    ("kind", "number", "hours"),
    [
        ("suggestion", "S-2026-000001", 168),
        ("question", "Q-2026-000001", 48),
        ("praise", "P-2026-000001", 168),
    ],
)
def test_each_kind_has_numbers_and_a_deadline_of_its_own(
    desk: Inbox, kind: str, number: str, hours: int
) -> None:
    done = desk.asks(kind)
    assert (done["number"], done["state"]) == (number, "open")
    found = desk.reads(done["id"])
    assert found["due_at"] == (NOON + timedelta(hours=hours)).isoformat().replace("+00:00", "Z")
    assert (found["reporter"], found["taken_by"], found["text"]) == (LI, None, "水箱何时清洗？")
    assert (found["overdue"], found["allowed"]) == (False, ["answer_inquiry", "convert_inquiry"])
    assert desk.reads(done["id"], li)["allowed"] == []


def test_it_is_answered_once_by_those_who_dispatch_there(desk: Inbox) -> None:
    asked = desk.asks()["id"]
    for nobody in (li, wang):
        with pytest.raises((i.NotYourInquiry, i.NoSuchInquiry)):
            desk.answers(asked, nobody)
    with pytest.raises(i.NoSuchInquiry):
        desk.answers(asked, next_door)
    assert desk.answers(asked)["state"] == "answered"
    found = desk.reads(asked, li)
    assert (found["answer"], found["answered_by"]) == ("下周三。", sun.person)
    with pytest.raises(i.AlreadyAnswered):
        desk.answers(asked)


def test_superiors_are_told_once_when_nobody_answered_in_time(desk: Inbox) -> None:
    asked = desk.asks()["id"]
    [due] = [
        one for one in timers.due(desk.parts.store, NOON + timedelta(days=9))
        if one.rule == "escalate_inquiry"
    ]  # fmt: skip
    assert (due.method, due.request) == ("workorders.escalate_inquiry", {"id": asked})
    with pytest.raises(i.NotDueYet):
        desk.escalates(asked)
    desk.clock.set(NOON + timedelta(hours=48))
    assert not desk.reads(asked)["overdue"], "answered at that very moment is in time"
    with pytest.raises(i.NotYourInquiry):
        desk.escalates(asked, boss)
    desk.escalates(asked)
    desk.clock.set(NOON + timedelta(hours=49))
    with pytest.raises(i.NotDueYet):
        desk.escalates(asked)
    assert desk.reads(asked)["overdue"]
    assert desk.lists(overdue=True) == ["Q-2026-000001"]
    desk.answers(asked)
    assert desk.lists(overdue=True) == []


def test_nobody_is_told_of_what_was_answered(desk: Inbox) -> None:
    asked = desk.asks()["id"]
    desk.answers(asked)
    desk.clock.set(NOON + timedelta(days=3))
    with pytest.raises(i.NotDueYet):
        desk.escalates(asked)


def test_it_becomes_an_order_linked_both_ways_with_its_words_and_photos(desk: Inbox) -> None:
    idea = desk.asks("suggestion", text="楼道灯太暗", photos=["p1", "p2"])
    done = desk.converts(idea["id"], priority="high")
    assert (done["state"], done["order_number"]) == ("converted", "R-2026-000001")
    order = desk.order(done["order"])
    assert (order["description"], order["photos"]) == ("楼道灯太暗", ["p1", "p2"])
    assert (order["reporter"], order["accepter"], order["taken_by"]) == (LI, LI, sun.person)
    assert (order["priority"], order["state"]) == ("high", "submitted")
    assert order["origin"] == {
        "relation": "inquiry", "id": idea["id"], "number": "S-2026-000001",
    }  # fmt: skip
    found = desk.reads(idea["id"], li)
    assert (found["order"], found["order_number"]) == (done["order"], "R-2026-000001")
    assert len(desk.of("InquiryConverted")) == 1, "the policy found it done"
    with pytest.raises(i.AlreadyConverted):
        desk.converts(idea["id"])
    with pytest.raises(i.AlreadyConverted):
        desk.answers(idea["id"])
    assert len(desk.of("WorkOrderSubmitted")) == 1


def test_the_same_conversion_again_makes_no_second_order(desk: Inbox) -> None:
    idea, once = desk.asks("suggestion")["id"], str(uuid4())
    first = desk.converts(idea, command_id=once)
    assert desk.converts(idea, command_id=once) == first
    assert len(desk.of("WorkOrderSubmitted")) == 1


def test_what_was_answered_may_still_become_an_order(desk: Inbox) -> None:
    idea = desk.asks("suggestion")["id"]
    desk.answers(idea)
    assert desk.converts(idea)["state"] == "converted"
    assert desk.reads(idea)["answer"] == "下周三。"


def test_an_order_that_was_made_without_its_inquiry_hearing_of_it_is_heard_of(desk: Inbox) -> None:
    """The process died between the two: the policy does what is left."""
    idea = desk.asks("suggestion")["id"]
    execute = desk.log.execute

    def dies(decider: Any, *args: Any, **more: Any) -> Any:
        if decider is i.INQUIRY:
            raise KeyboardInterrupt
        return execute(decider, *args, **more)

    desk.log.execute = dies  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        desk.converts(idea)
    desk.log.execute = execute  # type: ignore[method-assign]
    desk.settle()
    assert desk.reads(idea)["order_number"] == "R-2026-000001"


def test_staff_write_down_for_residents_and_for_nobody(desk: Inbox) -> None:
    for_li = desk.asks(caller=sun, reporter=LI, channel="phone")["id"]
    found = desk.reads(for_li, li)
    assert (found["reporter"], found["taken_by"], found["channel"]) == (LI, sun.person, "phone")
    nobodys = desk.reads(desk.asks(caller=sun, channel="counter")["id"])
    assert (nobodys["reporter"], nobodys["taken_by"]) == (None, sun.person)
    order = desk.order(desk.converts(nobodys["id"])["order"])
    assert (order["reporter"], order["accepter"]) == (None, sun.person)


def test_who_moved_away_is_not_asked_to_look_at_the_work(desk: Inbox) -> None:
    idea = desk.asks("suggestion")["id"]
    left = TenancyEnded(
        tenancy="garden.t", person=LI, unit=UNIT, building=BUILDING, community="garden",
        kind="owner", until=NOON, reason="moved_out",
    )  # fmt: skip
    desk.told("security", fact(left, stream="garden.t", log="security", actor="boss", version=2))
    order = desk.order(desk.converts(idea)["order"])
    assert (order["reporter"], order["accepter"]) == (LI, sun.person)


def test_what_came_on_paper_is_due_from_when_it_came(desk: Inbox) -> None:
    earlier = (NOON - timedelta(hours=47)).isoformat()
    found = desk.reads(desk.asks(caller=sun, occurred_at=earlier)["id"])
    assert found["due_at"].startswith((NOON + timedelta(hours=1)).isoformat()[:19])
    with pytest.raises(MayNotClaimTime):
        desk.asks(occurred_at=earlier)


def test_deadlines_are_the_communitys_and_move_nothing_that_is_open(desk: Inbox) -> None:
    before = desk.reads(desk.asks()["id"])["due_at"]
    hours = {"suggestion": 24, "question": 1, "praise": 240}
    desk.inquiry("set_answer_deadlines", s.SetAnswerDeadlines, boss, community="garden", **hours)
    told = desk.inquiry("answer_deadlines", s.AnswerDeadlines, li, community="garden")
    assert told == {**hours, "behind": False}
    assert desk.reads(desk.asks()["id"])["due_at"].startswith(
        (NOON + timedelta(hours=1)).isoformat()[:19]
    )
    assert before.startswith((NOON + timedelta(hours=48)).isoformat()[:19])
    with pytest.raises(NotTheirDeadline):
        desk.inquiry("set_answer_deadlines", s.SetAnswerDeadlines, sun, community="garden", **hours)
    with pytest.raises(Forbidden):
        desk.inquiry("answer_deadlines", s.AnswerDeadlines, stranger, community="garden")


def test_setting_the_same_deadlines_again_adds_nothing() -> None:
    mine = {"suggestion": 5, "question": 6, "praise": 7}
    command = d.SetDeadlines(by=boss, community="garden", **mine)
    given(d.DEADLINES).when(command).then(AnswerDeadlinesSet(**mine))
    given(d.DEADLINES, AnswerDeadlinesSet(**mine)).when(command).then()
    for name in mine:
        wrong = d.SetDeadlines(by=boss, community="garden", **{**mine, name: 0})
        assert name in given(d.DEADLINES).when(wrong).refused(Invalid).fields


def test_everybody_sees_their_own_and_staff_what_is_at_their_place(desk: Inbox) -> None:
    desk.asks("praise")
    desk.clock.set(NOON + timedelta(hours=1))
    desk.asks()
    mine = ["Q-2026-000001", "P-2026-000001"]
    assert desk.lists() == desk.lists(li) == desk.lists(li, mine=True) == mine
    assert desk.lists(mei) == desk.lists(next_door) == desk.lists(stranger) == []
    assert desk.lists(kind="praise") == ["P-2026-000001"]
    assert desk.lists(sun, mine=True) == []
    page = desk.inquiry("inquiries", s.Inquiries, sun, limit=1)
    assert desk.lists(limit=1, cursor=page["next"]) == ["P-2026-000001"]
    for caller in (mei, next_door, stranger):
        with pytest.raises(i.NoSuchInquiry):
            desk.inquiry(
                "inquiry", s.GetInquiry, caller, community="garden", number="Q-2026-000001"
            )


def test_forgotten_words_are_gone_and_make_no_order(desk: Inbox) -> None:
    idea = desk.asks("suggestion")["id"]
    desk.told("security", forgotten(LI))
    assert desk.reads(idea)["text"] is None
    with pytest.raises(WordsForgotten):
        desk.converts(idea)


@pytest.mark.parametrize(
    ("caller", "changes", "field"),
    [
        (li, {"kind": "repair"}, "kind"),
        (li, {"text": "  "}, "text"),
        (li, {"unit": None, "building": UNIT}, "building"),
        (sun, {"reporter": "garden.00000000-0000-4000-8000-000000000001"}, "reporter"),
        (sun, {"reporter": MEI}, "reporter"),
        (sun, {"channel": "import"}, "channel"),
        (li, {"photos": [""]}, "photos.0"),
    ],
)
def test_bad_input_is_named_by_its_field(
    desk: Inbox, caller: Caller, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as found:
        desk.asks(caller=caller, **changes)
    assert list(found.value.fields) == [field]
    assert desk.of("InquirySubmitted") == []


def test_residents_write_in_their_own_name_of_where_they_live(desk: Inbox) -> None:
    for caller, more in ((mei, {}), (li, {"reporter": MEI}), (stranger, {})):
        with pytest.raises(i.NotYourInquiry):
            desk.asks(caller=caller, **more)
    assert desk.asks(unit=None, building=BUILDING)["state"] == "open"


def test_a_stale_page_converts_nothing(desk: Inbox) -> None:
    idea = desk.asks("suggestion")
    desk.answers(idea["id"])
    with pytest.raises(Conflict):
        desk.converts(idea["id"], expected_version=idea["version"])
    assert desk.of("WorkOrderSubmitted") == []
