"""Whom it concerns what happens beside an order's own stream, and is about it all the same."""

from __future__ import annotations

from typing import Any, get_args

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
from services.workorders.publication.domain import PublishedWorkFlagged
from shared.testing.scenario import NOON
from tests.support.order_facts import BUILDING, CHEN, LI, MEI, ORDER, SUN, WANG, ident
from tests.unit.notifications.telling.people import Told

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


CASES: list[tuple[Any, str, Told]] = [
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
