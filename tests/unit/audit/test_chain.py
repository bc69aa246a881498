"""Which events belong to an order's story, and in which order they are told."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from shared.audit.chain import Chain, in_time_order

ORDER = "lakeside.order"


def event(name: str, **changes: Any) -> dict[str, Any]:
    """An event called ``name``, at noon, of a stream of its own."""
    return {
        "id": name,
        "log": "workorders",
        "subject": f"lakeside.{name}",
        "streamversion": 1,
        "position": 1,
        "time": "2026-03-01T12:00:00Z",
        "correlationid": f"c-{name}",
        "causationid": None,
        "data": {},
        **changes,
    }


def order_event(name: str, version: int, **changes: Any) -> dict[str, Any]:
    return event(name, subject=ORDER, streamversion=version, position=version, **changes)


SUBMITTED = order_event("submitted", 1)
ACCEPTED = order_event("accepted", 2)
BILL = event("raised", log="billing", causationid="accepted", correlationid="c-accepted")
PAID = event("paid", log="billing", subject=BILL["subject"], streamversion=2)
TOLD = event("told", log="notifications", causationid="raised", correlationid="c-accepted")


def chain() -> Chain:
    return Chain([SUBMITTED, ACCEPTED], lambda event: True)


def test_what_the_order_caused_belongs_and_what_that_caused() -> None:
    found = chain()
    assert [found.takes(one) for one in (BILL, PAID, TOLD)] == [True, True, True]


def test_a_stream_it_did_not_begin_does_not_belong_whole() -> None:
    found = chain()
    later = event("later", log="billing", streamversion=7, causationid="accepted")
    other = event("other", log="billing", subject=later["subject"], streamversion=8)
    assert found.takes(later)
    assert not found.takes(other)


def test_what_shares_a_correlation_belongs_as_the_cause_of_the_order_does() -> None:
    alarm = event("alarm", log="security", correlationid="c-submitted")
    assert chain().takes(alarm)


def test_another_order_under_the_same_correlation_does_not_belong() -> None:
    assert not chain().takes(event("other", correlationid="c-submitted"))
    assert chain().takes(event("follow-up", causationid="accepted"))


def test_what_names_the_order_belongs_and_what_that_caused() -> None:
    found = chain()
    comment = event("comment", data={"order": ORDER, "text": None})
    told = event("told", log="notifications", causationid="comment")
    answered = event("answered", subject=comment["subject"], streamversion=2)
    assert [found.takes(one) for one in (comment, told, answered)] == [True, True, True]


def test_one_of_many_that_an_event_names_is_not_what_it_is_about() -> None:
    assert not chain().takes(event("round", data={"dispatched": [ORDER, "lakeside.other"]}))


def test_what_was_said_later_than_asked_for_does_not_belong_but_what_was_caused_does() -> None:
    before = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
    found = Chain([SUBMITTED, ACCEPTED], lambda one: True, before)
    late = {"time": "2026-03-01T12:30:00Z"}
    assert found.takes(event("early", data={"order": ORDER}))
    assert not found.takes(event("late", data={"order": ORDER}, **late))
    assert found.takes({**BILL, **late, "data": {"order": ORDER}})


def test_strangers_do_not_belong() -> None:
    assert not chain().takes(event("stranger", log="billing"))


def test_what_lies_behind_the_limit_brings_nothing_with_it() -> None:
    found = Chain([SUBMITTED, ACCEPTED], lambda one: one["id"] != "raised")
    assert not found.takes(BILL)
    assert not found.takes({**PAID, "correlationid": "c-paid"})


def test_the_order_s_own_events_are_not_taken_again() -> None:
    assert not chain().takes(order_event("reopened", 3))


def test_causes_come_before_what_they_caused_at_the_same_moment() -> None:
    later = order_event("rated", 3, time="2026-03-01T12:00:01.500000+00:00")
    found = in_time_order([later, TOLD, BILL, ACCEPTED, SUBMITTED])
    assert [one["id"] for one in found] == ["submitted", "accepted", "raised", "told", "rated"]


def test_a_circle_of_causes_ends() -> None:
    one, two = event("one", causationid="two"), event("two", causationid="one")
    assert len(in_time_order([one, two])) == 2
