"""What the demo counts of quotes, visits, follow-ups and inquiries."""

from __future__ import annotations

from typing import Any

from cli.demo.tally import tally


def event(type_name: str, subject: str = "1", **data: Any) -> dict[str, Any]:
    return {"type": type_name, "subject": subject, "data": data}


def follow_up(type_name: str, **data: Any) -> dict[str, Any]:
    return event(type_name, "lakeside", order="1", round=1, **data)


def test_what_was_said_on_the_phone_and_by_the_committee_is_counted() -> None:
    said = {"said_by": "li", "answerer": "resident"}
    found = tally(
        [
            event("WorkOrderQuoted"),
            event("WorkOrderQuoteAccepted", **said),
            event("WorkOrderQuoteAnswerObjected"),
            event("WorkOrderQuoted", "2"),
            event("WorkOrderQuoteAccepted", "2", answerer="committee"),
        ]
    )
    assert found == {
        ("quotes", "accepted"): 2,
        ("quotes", "said on the phone"): 1,
        ("quotes", "said on the phone, objected to"): 1,
        ("quotes", "not answered yet"): 1,
        ("quotes", "answered by the owners' committee"): 1,
    }


def test_quotes_are_counted_by_what_came_of_them() -> None:
    found = tally(
        [
            event("WorkOrderQuoted"),
            event("WorkOrderQuoteDeclined"),
            event("WorkOrderQuoted"),
            event("WorkOrderQuoted"),
            event("WorkOrderQuoteAccepted"),
            event("WorkOrderQuoted", "2"),
            event("WorkOrderCancelled", "2"),
            event("WorkOrderCancelled", "3"),
            event("WorkOrderQuoted", "4"),
            event("WorkOrderQuoteLapsed", "4"),
            event("WorkOrderQuoted", "5"),
        ]
    )
    assert found == {
        ("quotes", "declined"): 1,
        ("quotes", "replaced"): 1,
        ("quotes", "accepted"): 1,
        ("quotes", "withdrawn"): 1,
        ("quotes", "lapsed"): 1,
        ("quotes", "not answered yet"): 1,
    }


def test_technicians_are_counted_by_who_sent_them() -> None:
    automatic = {"how": "automatic", "reason": "best"}
    found = tally(
        [
            event("WorkOrderDispatched", choice=None),
            event("WorkOrderDispatched", "2", choice=automatic),
            event("WorkOrderDispatched", "3"),
        ]
    )
    assert found == {
        ("technicians sent", "by the dispatcher"): 2,
        ("technicians sent", "automatically"): 1,
    }


def test_a_visit_is_kept_when_work_starts_after_it_was_agreed() -> None:
    found = tally(
        [
            event("WorkOrderStarted", "no visit"),
            event("WorkOrderVisitsOffered"),
            event("WorkOrderVisitChosen"),
            event("WorkOrderVisitMoved"),
            event("WorkOrderVisitMissed"),
            event("WorkOrderVisitsOffered"),
            event("WorkOrderVisitChosen"),
            event("WorkOrderStarted"),
            event("WorkOrderStarted"),
            event("WorkOrderVisitsOffered", "never chosen"),
            event("WorkOrderStarted", "never chosen"),
            event("WorkOrderVisitChosen", "not started"),
            event("WorkOrderRepaired", "not started"),
            event("WorkOrderVisitsOffered", "cancelled"),
            event("WorkOrderCancelled", "cancelled"),
            event("WorkOrderVisitsOffered", "2"),
            event("WorkOrderVisitsOffered", "3"),
            event("WorkOrderVisitChosen", "3"),
            event("WorkOrderVisitsOffered", "called off"),
            event("WorkOrderVisitChosen", "called off"),
            event("WorkOrderVisitCancelled", "called off"),
            event("WorkOrderStarted", "called off"),
        ]
    )
    assert found == {
        ("visits", "moved"): 1,
        ("visits", "missed"): 1,
        ("visits", "called off"): 1,
        ("visits", "kept"): 2,
        ("visits", "not chosen yet"): 1,
        ("visits", "still to come"): 1,
    }


def test_a_follow_up_waits_until_it_is_closed_or_dropped() -> None:
    due = follow_up("FollowUpDue")
    tried = follow_up("FollowUpRecorded", satisfied=None, closed=False)
    assert tally([due, due, tried]) == {
        ("follow-ups", "not reached"): 1,
        ("follow-ups", "still to be made"): 1,
    }
    asked = follow_up("FollowUpRecorded", satisfied=False, closed=True)
    assert tally([due, tried, asked]) == {
        ("follow-ups", "not reached"): 1,
        ("follow-ups", "not satisfied"): 1,
    }
    assert tally([due, follow_up("FollowUpDropped")]) == {("follow-ups", "dropped"): 1}
    assert not tally([event("FollowUpRulesSet", rules={})])


def test_escalations_rework_and_inquiries() -> None:
    found = tally(
        [
            event("WorkOrderEscalated", target="respond"),
            event("WorkOrderEscalated", target="respond"),
            event("WorkOrderRejected"),
            event("WorkOrderReopened"),
            event("WorkOrderDeferred"),
            event("InquirySubmitted"),
            event("InquiryEscalated"),
            event("InquiryAnswered"),
            event("InquiryConverted"),
            event("InquirySubmitted", "2"),
        ]
    )
    assert found == {
        ("escalations", "time to respond"): 2,
        ("rework", "rejected"): 1,
        ("rework", "opened again"): 1,
        ("work put off", "to a date"): 1,
        ("inquiries", "late"): 1,
        ("inquiries", "answered"): 1,
        ("inquiries", "not answered yet"): 1,
    }
