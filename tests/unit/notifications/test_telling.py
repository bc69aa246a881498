"""Whom each event is told, in which words; exactly once, and never of their own doing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, get_args

import pytest

from services.billing.bills.domain.events import BillRaised
from services.notifications.definition import SERVICE
from services.notifications.inbox import schemas
from services.notifications.inbox.policies import POLICIES, SENTENCES
from services.notifications.inbox.telling import MOST_TRIES
from services.notifications.inbox.wording import TEMPLATES, render
from services.workorders.comments.domain import CommentAdded
from services.workorders.dispatching.domain.events import NobodyQualified
from services.workorders.follow_ups.domain.events import REASONS, FollowUpDue
from services.workorders.followers.domain import FollowedOrderMoved, Progress
from services.workorders.incidents.domain import (
    IncidentAnswered,
    IncidentClosed,
    LinkedReport,
    ReportLinked,
)
from services.workorders.inquiries.domain.events import (
    InquiryAnswered,
    InquiryConverted,
    InquiryEscalated,
    InquirySubmitted,
)
from services.workorders.orders.domain.events import EVENTS
from services.workorders.orders.domain.links import Origin
from services.workorders.publication.domain import PublishedWorkFlagged
from services.workorders.sla.domain.events import PublicHolidaysMissing
from shared.errors import Forbidden
from shared.identity.caller import Caller, Post
from shared.messaging.envelope import Fact
from shared.testing.scenario import NOON
from tests.support.order_facts import (
    BOSS,
    BUILDING,
    CHEN,
    COMMUNITY,
    LI,
    MEI,
    ORDER,
    OTHER_BUILDING,
    QIAN,
    SUN,
    WANG,
    fact,
    forgotten,
    granted,
    ident,
    order_fact,
    registered,
    withdrawn,
)
from tests.support.service_bench import ServiceBench

ON_ORDERS = "when_workorders_has_news_then_tell_whom_it_concerns"
PEOPLE = {"li": LI, "mei": MEI, "wang": WANG, "chen": CHEN, "sun": SUN, "qian": QIAN, "boss": BOSS}
NAMES = {person: name for name, person in PEOPLE.items()}


@pytest.fixture
def bench() -> Iterator[ServiceBench]:
    found = ServiceBench(SERVICE)
    found.told(
        "security",
        *(registered(person, "en" if person == CHEN else "zh-CN") for person in PEOPLE.values()),
        granted(SUN, "dispatcher", buildings=(BUILDING,)),
        granted(QIAN, "supervisor"),
        granted(BOSS, "manager", community="*"),
        granted(LI, "resident"),
        granted(MEI, "committee"),
        granted(WANG, "technician"),
    )
    yield found
    found.close()


def told(bench: ServiceBench) -> set[tuple[str, str]]:
    return {
        (NAMES.get(one.data["person"], one.data["person"]), one.data["template"])
        for one in bench.facts()
    }


_OF_COMMITTEE = {"payer": "fund", "answerer": "committee"}
_SAID = {
    "said_by": LI,
    "said_at": NOON,
    "channel": "phone",
    "objection_until": NOON + timedelta(hours=1),
}
CASES: list[tuple[str, str, dict[str, Any], set[tuple[str, str]]]] = [
    ("Submitted", LI, {}, {("sun", "order_submitted")}),
    (
        "Submitted",
        SUN,
        {"reporter": MEI, "taken_by": SUN},
        {("li", "order_taken_down"), ("mei", "order_taken_down")},
    ),
    (
        "Submitted",
        SUN,
        {"accepter": QIAN, "accepter_kind": "staff", "reporter": None},
        set(),
    ),
    (
        "Prioritised",
        SUN,
        {"priority": "urgent", "from_priority": "normal"},
        {("wang", "order_prioritised")},
    ),
    ("Dispatched", SUN, {}, {("wang", "order_assigned"), ("li", "order_dispatched")}),
    ("Started", WANG, {}, {("li", "order_started")}),
    ("Paused", WANG, {}, {("li", "order_paused"), ("sun", "order_paused_staff")}),
    ("Paused", SUN, {}, {("li", "order_paused"), ("wang", "order_paused_staff")}),
    ("Resumed", WANG, {}, {("li", "order_resumed"), ("sun", "order_resumed_staff")}),
    ("HandedBack", WANG, {}, {("li", "order_handed_back"), ("sun", "order_handed_back_staff")}),
    (
        "Transferred",
        SUN,
        {"technician": CHEN},
        {
            ("chen", "order_transferred_to"),
            ("wang", "order_transferred_from"),
            ("li", "order_transferred"),
        },
    ),
    (
        "Transferred",
        WANG,
        {"technician": CHEN},
        {("chen", "order_transferred_to"), ("li", "order_transferred")},
    ),
    ("Deferred", WANG, {}, {("li", "order_deferred"), ("sun", "order_deferred_staff")}),
    ("VisitsOffered", WANG, {}, {("li", "visit_offered")}),
    ("VisitChosen", LI, {}, {("wang", "visit_agreed_staff")}),
    ("VisitChosen", SUN, {"technician": None}, {("li", "visit_agreed")}),
    ("VisitMoved", WANG, {}, {("li", "visit_moved")}),
    ("VisitMoved", LI, {"technician": None}, {("sun", "visit_moved_staff")}),
    ("VisitCancelled", LI, {}, {("wang", "visit_cancelled_staff")}),
    ("VisitCancelled", WANG, {}, {("li", "visit_cancelled")}),
    (
        "VisitCancelled",
        SUN,
        {},
        {("li", "visit_cancelled"), ("wang", "visit_cancelled_staff")},
    ),
    ("VisitCancelled", LI, {"technician": None}, {("sun", "visit_cancelled_staff")}),
    ("VisitMissed", WANG, {}, {("li", "visit_missed"), ("sun", "visit_missed_staff")}),
    (
        "VisitReminded",
        "service:workorders",
        {},
        {("li", "visit_reminded"), ("wang", "visit_reminded_staff")},
    ),
    ("Quoted", WANG, {}, {("li", "order_quoted")}),
    ("Quoted", WANG, {"payer": "fund"}, {("boss", "order_quoted_staff")}),
    ("Quoted", WANG, _OF_COMMITTEE, {("mei", "order_quoted_committee")}),
    ("QuoteWithdrawn", WANG, _OF_COMMITTEE, {("mei", "order_quote_withdrawn_committee")}),
    (
        "QuoteLapsed",
        "service:workorders",
        _OF_COMMITTEE,
        {
            ("mei", "order_quote_lapsed_committee"),
            ("wang", "order_quote_lapsed_staff"),
            ("sun", "order_quote_lapsed_staff"),
        },
    ),
    (
        "Unmerged",
        SUN,
        {"visit_lost": True},
        {
            ("li", "order_unmerged_without_visit"),
            ("wang", "order_unmerged_staff_without_visit"),
        },
    ),
    (
        "QuoteAccepted",
        BOSS,
        _SAID,
        {("li", "order_quote_accepted_for_you"), ("wang", "order_quote_accepted_for_them")},
    ),
    (
        "QuoteDeclined",
        SUN,
        _SAID,
        {("li", "order_quote_declined_for_you"), ("wang", "order_quote_declined")},
    ),
    (
        "QuoteAnswerConfirmed",
        LI,
        {},
        {("wang", "order_quote_answer_confirmed"), ("sun", "order_quote_answer_confirmed")},
    ),
    (
        "QuoteAnswerObjected",
        LI,
        {},
        {("wang", "order_quote_answer_objected"), ("sun", "order_quote_answer_objected")},
    ),
    ("QuoteAccepted", LI, {}, {("wang", "order_quote_accepted")}),
    ("QuoteAccepted", LI, {"technician": None}, {("sun", "order_quote_accepted")}),
    ("QuoteDeclined", LI, {}, {("wang", "order_quote_declined"), ("sun", "order_quote_declined")}),
    ("QuoteWithdrawn", WANG, {}, {("li", "order_quote_withdrawn")}),
    (
        "QuoteWithdrawn",
        WANG,
        {"payer": "company"},
        {("boss", "order_quote_withdrawn_staff")},
    ),
    (
        "QuoteLapsed",
        "service:workorders",
        {},
        {
            ("li", "order_quote_lapsed"),
            ("wang", "order_quote_lapsed_staff"),
            ("sun", "order_quote_lapsed_staff"),
        },
    ),
    ("Repaired", WANG, {}, {("li", "order_repaired")}),
    ("Accepted", LI, {}, {("wang", "order_accepted")}),
    ("Accepted", QIAN, {"checked": True}, {("wang", "order_accepted"), ("li", "order_checked")}),
    ("Rejected", LI, {}, {("wang", "order_rejected"), ("sun", "order_rejected")}),
    ("Rated", LI, {"stars": 3}, {("wang", "order_rated")}),
    (
        "Rated",
        LI,
        {"stars": 2},
        {("wang", "order_rated"), ("qian", "order_rated_low"), ("boss", "order_rated_low")},
    ),
    ("RatingAnswered", SUN, {}, {("li", "order_rating_answered")}),
    (
        "Declined",
        SUN,
        {"reporter": MEI},
        {("li", "order_declined"), ("mei", "order_declined"), ("wang", "order_declined_staff")},
    ),
    (
        "Appealed",
        LI,
        {"technician": None},
        {("sun", "order_appealed"), ("qian", "order_appealed"), ("boss", "order_appealed")},
    ),
    (
        "Cancelled",
        MEI,
        {"reporter": MEI},
        {
            ("li", "order_cancelled"),
            ("wang", "order_cancelled_staff"),
            ("sun", "order_cancelled_staff"),
        },
    ),
    ("Reopened", LI, {}, {("wang", "order_reopened"), ("sun", "order_reopened")}),
    ("Reminded", "service:workorders", {}, {("li", "order_reminded")}),
    (
        "CheckRequested",
        "service:workorders",
        {"repairers": (WANG, QIAN)},
        {("boss", "order_check_requested")},
    ),
    (
        "Submitted",
        LI,
        {"origin": Origin(relation="follows_up", id=ident("old"), number="R-2025-000009")},
        {("sun", "order_follows_up")},
    ),
    (
        "SubOrderAdded",
        BOSS,
        {},
        {("li", "order_part_added"), ("wang", "order_part_added_staff")},
    ),
    ("SubOrderFinished", "service:workorders", {}, {("wang", "order_parts_finished")}),
    ("SubOrderFinished", "service:workorders", {"left": 1}, set()),
    (
        "SubOrderFinished",
        "service:workorders",
        {"technician": None},
        {("sun", "order_parts_finished")},
    ),
    ("Merged", SUN, {}, {("li", "order_merged"), ("wang", "order_merged_staff")}),
    ("Unmerged", SUN, {}, {("li", "order_unmerged"), ("wang", "order_unmerged_staff")}),
    (
        "Unmerged",
        BOSS,
        {"state": "submitted", "technician": None},
        {("li", "order_unmerged"), ("sun", "order_submitted")},
    ),
    (
        "Escalated",
        "service:workorders",
        {"percent": 80, "up": 0, "whom": (WANG,), "role": "dispatcher"},
        {("wang", "order_at_risk"), ("sun", "order_at_risk")},
    ),
    (
        "Escalated",
        "service:workorders",
        {"percent": 100, "up": 1, "whom": (QIAN,), "role": "supervisor"},
        {("qian", "order_overdue")},
    ),
    (
        "Escalated",
        "service:workorders",
        {"percent": 200, "up": 2, "whom": (), "role": "manager"},
        {("boss", "order_overdue")},
    ),
]


@pytest.mark.parametrize(("name", "actor", "changes", "expected"), CASES)
def test_whom_it_concerns_is_told(
    bench: ServiceBench,
    name: str,
    actor: str,
    changes: dict[str, Any],
    expected: set[tuple[str, str]],
) -> None:
    told_of = order_fact(name, actor, **changes)
    bench.told("workorders", told_of)
    assert told(bench) == expected
    for one in bench.facts():
        assert one.data["about"] == ORDER
        assert (one.causation_id, one.correlation_id) == (told_of.id, told_of.correlation_id)
        text = render(one.data["template"], one.data["params"], one.data["language"])
        assert "R-2026-000001" in text
    bench.told("workorders", told_of)
    assert len(bench.facts()) == len(expected), "once more is still once"


# what happens beside an order's own stream, and is about it all the same
ABOUT: dict[str, Any] = {
    "order": ORDER,
    "number": "R-2026-000001",
    "kind": "repair",
    "category": "lift",
    "building": BUILDING,
}


def said(side: Any, **changes: Any) -> CommentAdded:
    usual = {"reporter": LI, "accepter": LI, "technician": None, "internal": False}
    return CommentAdded(**ABOUT, unit=None, side=side, text=None, **{**usual, **changes})


BESIDE: list[tuple[Any, str, set[tuple[str, str]]]] = [
    (
        NobodyQualified(
            **ABOUT,
            order_version=1,
            unit=None,
            reasons={"off_shift": 2},
        ),
        "service:workorders",
        {("sun", "order_nobody_qualified")},
    ),
    *(
        (
            FollowedOrderMoved(**ABOUT, progress=progress, followers=(MEI, CHEN)),
            "service:workorders",
            {("mei", f"followed_{progress}"), ("chen", f"followed_{progress}")},
        )
        for progress in get_args(Progress)
    ),
    (said("resident", technician=WANG), LI, {("wang", "comment_by_resident")}),
    (
        said("resident", reporter=MEI),
        LI,
        {("sun", "comment_by_resident"), ("mei", "comment_on_yours")},
    ),
    (
        said("staff", reporter=MEI),
        SUN,
        {("li", "comment_by_staff"), ("mei", "comment_by_staff")},
    ),
    (said("staff", internal=True, technician=WANG), WANG, {("sun", "comment_among_staff")}),
    (said("staff", internal=True, technician=WANG), SUN, {("wang", "comment_among_staff")}),
    *(
        (
            FollowUpDue(
                **ABOUT,
                unit=None,
                accepter=LI,
                technician=WANG,
                round=1,
                reason=reason,
                stars=None,
                due_at=NOON,
                edition=1,
            ),
            "service:workorders",
            {("sun", f"follow_up_{reason}")},
        )
        for reason in REASONS
    ),
    (
        PublishedWorkFlagged(**ABOUT, reason="personal", count=1),
        "service:gateway",
        {("sun", "work_flagged")},
    ),
    (
        ReportLinked(**ABOUT, incident=ident("incident"), accepter=LI),
        "service:workorders",
        {("li", "incident_known")},
    ),
    (
        IncidentAnswered(
            incident=ident("incident"),
            kind="repair",
            category="lift",
            affected=(BUILDING,),
            notice=None,
            expected_end=None,
            reports=(LinkedReport(order=ORDER, number="R-2026-000001", accepter=LI),),
        ),
        SUN,
        {("li", "incident_news")},
    ),
    (
        IncidentClosed(
            incident=ident("incident"),
            kind="repair",
            category="lift",
            affected=(BUILDING,),
            reports=(LinkedReport(order=ORDER, number="R-2026-000001", accepter=LI),),
        ),
        SUN,
        {("li", "incident_over")},
    ),
]


@pytest.mark.parametrize(("event", "actor", "expected"), BESIDE, ids=lambda one: type(one).__name__)
def test_whom_it_concerns_is_told_of_what_is_beside_the_order(
    bench: ServiceBench, event: Any, actor: str, expected: set[tuple[str, str]]
) -> None:
    bench.told("workorders", fact(event, stream=ident("beside"), log="workorders", actor=actor))
    assert told(bench) == expected
    for one in bench.facts():
        assert one.data["about"] == ORDER
        text = render(one.data["template"], one.data["params"], one.data["language"])
        assert "R-2026-000001" in text


ASKED: dict[str, Any] = {
    "number": "S-2026-000001",
    "kind": "suggestion",
    "building": BUILDING,
    "unit": None,
    "reporter": LI,
}
INQUIRIES: list[tuple[Any, str, set[tuple[str, str]]]] = [
    (
        InquirySubmitted(
            **ASKED, id=ident("inquiry"), channel="phone", taken_by=SUN, author=LI,
            text=None, photos=(), due_at=NOON,
        ),
        BOSS,
        {("sun", "inquiry_submitted"), ("li", "inquiry_taken_down")},
    ),
    (InquiryAnswered(**ASKED, answer=None, due_at=NOON), SUN, {("li", "inquiry_answered")}),
    (
        InquiryEscalated(**ASKED, due_at=NOON),
        "service:workorders",
        {("qian", "inquiry_overdue"), ("boss", "inquiry_overdue")},
    ),
    (
        InquiryConverted(
            **ASKED, order=ORDER, order_number="R-2026-000001", order_kind="repair",
            order_category="plumbing",
        ),
        SUN,
        {("li", "inquiry_converted")},
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("event", "actor", "expected"), INQUIRIES, ids=lambda one: type(one).__name__
)
def test_whom_it_concerns_is_told_of_inquiries(
    bench: ServiceBench, event: Any, actor: str, expected: set[tuple[str, str]]
) -> None:
    inquiry = ident("inquiry")
    bench.told("workorders", fact(event, stream=inquiry, log="workorders", actor=actor))
    assert told(bench) == expected
    for one in bench.facts():
        assert one.data["about"] == inquiry
        text = render(one.data["template"], one.data["params"], one.data["language"])
        assert "S-2026-000001" in text
        assert ("R-2026-000001" in text) == isinstance(event, InquiryConverted)


def test_managers_are_told_that_public_holidays_are_missing(bench: ServiceBench) -> None:
    event = PublicHolidaysMissing(community=COMMUNITY, year=2027)
    bench.told(
        "workorders",
        fact(event, stream=ident("warnings"), log="workorders", actor="service:workorders"),
    )
    assert told(bench) == {("boss", "holidays_missing")}
    for one in bench.facts():
        assert "2027" in render(one.data["template"], one.data["params"], one.data["language"])


def test_of_an_order_made_of_an_inquiry_the_resident_hears_once(bench: ServiceBench) -> None:
    origin = Origin(relation="inquiry", id=ident("inquiry"), number="S-2026-000001")
    bench.told("workorders", order_fact("Submitted", BOSS, origin=origin))
    assert told(bench) == {("sun", "order_submitted")}


def test_every_event_has_its_sentence_and_every_text_its_use() -> None:
    sentences = {each.type for each in SENTENCES}
    beside = {type(event).__name__ for event, *_ in BESIDE}
    asked = {type(event).__name__ for event, *_ in INQUIRIES}
    alone = {"BillRaised", "PublicHolidaysMissing"}
    others = {"WorkOrderEscalated"} | alone | beside | asked
    assert sentences == EVENTS.keys() - {"WorkOrderImported"} | others
    assert {f"WorkOrder{name}" for name, *_ in CASES} | alone | beside | asked == sentences
    used = {template for *_, expected in (*CASES, *BESIDE, *INQUIRIES) for _, template in expected}
    assert used | {"bill_raised", "holidays_missing"} == TEMPLATES["en"].keys()
    assert [policy.follows for policy in POLICIES] == ["billing", "workorders"]


def test_imported_history_tells_nobody(bench: ServiceBench) -> None:
    bench.told("workorders", order_fact("Imported", "service:operator"))
    assert bench.facts() == []


def test_people_are_told_in_their_language(bench: ServiceBench) -> None:
    bench.told("workorders", order_fact("Transferred", SUN, technician=CHEN))
    languages = {NAMES[one.data["person"]]: one.data["language"] for one in bench.facts()}
    assert languages == {"chen": "en", "wang": "zh-CN", "li": "zh-CN"}


def test_where_nobody_dispatches_those_above_are_told(bench: ServiceBench) -> None:
    bench.told("workorders", order_fact("Submitted", LI, building=OTHER_BUILDING))
    assert told(bench) == {("qian", "order_submitted"), ("boss", "order_submitted")}
    bench.told("security", withdrawn(SUN, "dispatcher"))
    bench.told("workorders", order_fact("Submitted", LI, version=2))
    assert ("sun", "order_submitted") not in told(bench)


def test_somebody_just_registered_is_waited_for(bench: ServiceBench) -> None:
    new = ident("new")
    bench.told("workorders", order_fact("Dispatched", SUN, technician=new))
    assert bench.facts() == [] and bench.status(ON_ORDERS) == "following held"
    bench.told("security", registered(new, "en"))
    bench.let_go()
    languages = {one.data["person"]: one.data["language"] for one in bench.facts()}
    assert languages == {new: "en", LI: "zh-CN"}


def test_somebody_unknown_does_not_stop_the_others(bench: ServiceBench) -> None:
    nobody = ident("nobody")
    bench.told("workorders", order_fact("Dispatched", SUN, technician=nobody, version=7))
    for _ in range(MOST_TRIES):
        assert bench.facts() == []
        bench.let_go()
    languages = {one.data["person"]: one.data["language"] for one in bench.facts()}
    assert languages == {nobody: "zh-CN", LI: "zh-CN"}


def test_the_forgotten_are_told_nothing(bench: ServiceBench) -> None:
    bench.told("security", forgotten(LI))
    bench.told("workorders", order_fact("Dispatched", SUN))
    assert told(bench) == {("wang", "order_assigned")}


def bill(number: int = 1) -> Fact:
    event = BillRaised(
        id=ident("bill"),
        number=f"B-2026-{number:06d}",
        order=ORDER,
        order_number="R-2026-000001",
        payer=LI,
        category="plumbing",
        building=BUILDING,
        unit=None,
        amount_fen=1234,
        accepted_at=NOON,
    )
    stream = ident(f"bill {number}")
    return fact(event, stream=stream, log="billing", actor="service:billing")


def inbox(bench: ServiceBench, person: str = LI, **asked: Any) -> dict[str, Any]:
    found: dict[str, Any] = bench.ask("inbox", "inbox", schemas.Inbox, Caller(person), **asked)
    return found


def test_the_payer_is_told_of_a_bill(bench: ServiceBench) -> None:
    bench.told("billing", bill())
    (found,) = inbox(bench)["notifications"]
    assert found["text"] == "R-2026-000001 的账单 B-2026-000001 已生成，应付 ¥12.34。"
    assert (found["about"], found["number"]) == (ident("bill 1"), "B-2026-000001")


def test_an_inbox_shows_the_newest_first_page_by_page(bench: ServiceBench) -> None:
    bench.told("billing", *(bill(number) for number in range(1, 8)))
    found: list[str] = []
    cursor = None
    for _ in range(9):
        page = inbox(bench, limit=3, cursor=cursor)
        assert page["unread"] == 7
        found += [one["number"] for one in page["notifications"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert found == [f"B-2026-{number:06d}" for number in range(7, 0, -1)]


def test_what_was_read_is_no_longer_counted(bench: ServiceBench) -> None:
    bench.told("billing", bill(1), bill(2))
    first = inbox(bench)["notifications"][0]
    answer = bench.ask("inbox", "mark_read", schemas.MarkRead, Caller(LI), id=first["id"])
    after = inbox(bench, at_least=answer["position"])
    assert (after["unread"], after["behind"]) == (1, False)
    assert [one["read_at"] is None for one in after["notifications"]] == [False, True]
    assert [one["number"] for one in inbox(bench, unread=True)["notifications"]] == [
        "B-2026-000001"
    ]


def test_an_inbox_is_its_owners(bench: ServiceBench) -> None:
    bench.told("billing", bill())
    auditor = Caller(MEI, (Post("auditor", "*"),))
    asked = {"person": LI}
    assert bench.ask("inbox", "inbox", schemas.Inbox, auditor, **asked)["unread"] == 1
    for caller in (Caller(MEI, (Post("manager", "*"),)), Caller(MEI, (Post("auditor", "garden"),))):
        with pytest.raises(Forbidden):
            bench.ask("inbox", "inbox", schemas.Inbox, caller, **asked)


def test_what_is_called_unsuitable_again_before_anybody_looked_is_no_news(
    bench: ServiceBench,
) -> None:
    again = PublishedWorkFlagged(**ABOUT, reason="other", count=2)
    stream = ident("beside")
    bench.told("workorders", fact(again, stream=stream, log="workorders", actor="service:gateway"))
    assert told(bench) == set()
