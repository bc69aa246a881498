"""Whom each event of an order concerns."""

from __future__ import annotations

from services.workorders.orders.domain.links import Origin
from tests.support.order_facts import BOSS, CHEN, LI, MEI, QIAN, SUN, WANG, ident
from tests.unit.notifications.telling.people import Case

CASES: list[Case] = [
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
    (
        "Unmerged",
        SUN,
        {"visit_lost": True},
        {
            ("li", "order_unmerged_without_visit"),
            ("wang", "order_unmerged_staff_without_visit"),
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
