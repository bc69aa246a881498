"""Comments from both sides, and what staff say among themselves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.workorders.comments import schemas as s
from services.workorders.comments.domain import (
    COMMENTS,
    MOST_COMMENTS,
    Add,
    CommentAdded,
    NotAmongStaff,
    NotConcerned,
    TooManyComments,
)
from services.workorders.orders import schemas as o
from services.workorders.orders.domain import commands as c
from services.workorders.orders.domain.refusals import NoSuchOrder
from services.workorders.orders.domain.state import Order
from shared.errors import Invalid
from shared.identity.caller import Caller, Post
from shared.privacy.personal import personal_fields
from shared.testing import scenario
from tests.support.order_facts import WANG
from tests.unit.workorders.desk import Desk, boss, chen, li, mei, stranger, sun, wang

auditor = Caller("garden.song", (Post("auditor", "garden"),))


@pytest.fixture
def order(desk: Desk) -> str:
    made = desk.report()
    desk.does(sun, c.Dispatch, made, technician=WANG, technician_here=True)
    return made


def say(desk: Desk, order: str, by: Caller, text: str = "hello", **more: Any) -> Any:
    return desk.ask("comments", "comment", s.Comment, by, id=order, text=text, **more)


def heard(desk: Desk, order: str, by: Caller) -> Any:
    return desk.ask("comments", "comments", s.OfOrder, by, id=order)


def texts(desk: Desk, order: str, by: Caller) -> list[str]:
    return [one["text"] for one in heard(desk, order, by)["comments"]]


def test_both_sides_read_what_either_said_in_the_order_it_was_said(desk: Desk, order: str) -> None:
    say(desk, order, li, "when?")
    say(desk, order, sun, "at five")
    desk.clock.advance(timedelta(minutes=1))
    say(desk, order, wang, "I come")
    for by in (li, sun, wang, boss, auditor):
        assert texts(desk, order, by) == ["when?", "at five", "I come"]
    sides = {one["text"]: one["side"] for one in heard(desk, order, li)["comments"]}
    assert sides == {"when?": "resident", "at five": "staff", "I come": "staff"}


def test_nothing_of_what_staff_say_among_themselves_reaches_the_resident(
    desk: Desk, order: str
) -> None:
    before = say(desk, order, li, "when?")
    say(desk, order, sun, "careful, a dog", internal=True)
    assert sorted(texts(desk, order, wang)) == ["careful, a dog", "when?"]
    assert texts(desk, order, li) == ["when?"]
    seen = heard(desk, order, li)
    assert (seen["count"], seen["may_comment_internally"]) == (1, False)
    after = say(desk, order, li, "and now?")
    assert after["version"] == before["version"] + 1, "not even by the version"
    for method in ("get", "history"):
        told = desk.ask("queries", method, o.Get, li, id=order)
        assert "dog" not in str(told)
        assert told["version"] == 2 if method == "get" else len(told["events"]) == 2


def test_a_resident_writes_nothing_among_staff(desk: Desk, order: str) -> None:
    head = desk.log.head()
    with pytest.raises(NotAmongStaff) as found:
        say(desk, order, li, internal=True)
    assert list(found.value.fields) == ["internal"]
    assert desk.log.head() == head


def test_only_those_whom_it_concerns_read_and_write(desk: Desk, order: str) -> None:
    for by in (mei, chen, stranger):
        with pytest.raises(NoSuchOrder):
            say(desk, order, by)
        with pytest.raises(NoSuchOrder):
            heard(desk, order, by)
    with pytest.raises(NotConcerned):
        say(desk, order, auditor)
    assert not heard(desk, order, auditor)["may_comment"]
    desk.does(sun, c.Transfer, order, technician=chen.person, technician_here=True)
    say(desk, order, chen, internal=True)
    with pytest.raises(NoSuchOrder):
        heard(desk, order, wang)


def test_a_post_elsewhere_reads_nothing(desk: Desk, order: str) -> None:
    elsewhere = Caller("hill.sun", (Post("dispatcher", "hill"),))
    with pytest.raises(NoSuchOrder):
        heard(desk, order, elsewhere)


def test_an_empty_comment_is_none(desk: Desk, order: str) -> None:
    with pytest.raises(Invalid) as found:
        say(desk, order, li, "  ")
    assert list(found.value.fields) == ["text"]


def test_what_was_said_is_its_authors_and_goes_with_them(desk: Desk, order: str) -> None:
    assert [(field.name, field.of) for field in personal_fields(CommentAdded)] == [
        ("text", "@actor")
    ]
    say(desk, order, li, "my key is under the mat")
    told = [one.data for one in desk.log.read(0, 500) if one.type == "CommentAdded"]
    assert [one["text"] for one in told] == [None], "absent from what others hear"
    desk.parts.keyring.destroy(li.person)
    assert texts(desk, order, sun) == [None]


def test_an_order_takes_so_many_and_no_more() -> None:
    known = Order(
        id="garden.1",
        number="R",
        category="lift",
        state="submitted",
        reporter="li",
        accepter="li",
        accepter_kind="resident",
    )
    said = CommentAdded(
        order="garden.1", number="R", kind="repair", category="lift", building=None, unit=None,
        reporter="li", accepter="li", technician=None, side="resident", internal=False, text="x",
    )  # fmt: skip
    by = Caller("li", (Post("resident", "garden"),))
    command = Add(by=by, id="garden.1", order=known, text="x", internal=False)
    scenario.given(COMMENTS, *[said] * (MOST_COMMENTS - 1)).when(command).then(said)
    scenario.given(COMMENTS, *[said] * MOST_COMMENTS).when(command).refused(TooManyComments)
