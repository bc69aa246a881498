"""Whom each event of an order's visit concerns."""

from __future__ import annotations

from tests.support.order_facts import LI, SUN, WANG
from tests.unit.notifications.telling.people import Case

CASES: list[Case] = [
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
]
