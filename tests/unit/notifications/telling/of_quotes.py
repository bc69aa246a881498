"""Whom each event of an order's quotes concerns."""

from __future__ import annotations

from datetime import timedelta

from shared.testing.scenario import NOON
from tests.support.order_facts import BOSS, LI, SUN, WANG
from tests.unit.notifications.telling.people import Case

_OF_COMMITTEE = {"payer": "fund", "answerer": "committee"}
_SAID = {
    "said_by": LI,
    "said_at": NOON,
    "channel": "phone",
    "objection_until": NOON + timedelta(hours=1),
}
CASES: list[Case] = [
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
]
