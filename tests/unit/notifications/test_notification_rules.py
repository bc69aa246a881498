"""A notification is posted once, and read once, by its person alone."""

from __future__ import annotations

from functools import partial

from services.notifications.inbox import domain as n
from shared.identity.caller import Caller, Post
from shared.testing import scenario

given = partial(scenario.given, n.NOTIFICATION)
post = n.Post(
    person="li",
    template="order_started",
    params={"number": "R-2026-000001", "kind": "repair", "category": "plumbing"},
    language="en",
    about="garden.1",
    number="R-2026-000001",
)
posted = n.NotificationPosted(
    person="li",
    template="order_started",
    params={"number": "R-2026-000001", "kind": "repair", "category": "plumbing"},
    language="en",
    about="garden.1",
    number="R-2026-000001",
)
read = n.NotificationRead(person="li", about="garden.1", number="R-2026-000001")
li, mei = Caller("li"), Caller("mei", (Post("manager", "*"), Post("auditor", "*")))


def test_it_is_posted_once() -> None:
    state = given().when(post).then(posted)
    assert (state.person, state.read) == ("li", False)
    given(posted).when(post).then()


def test_it_is_read_once_by_its_person() -> None:
    assert given(posted).when(n.MarkRead(by=li)).then(read).read
    given(posted, read).when(n.MarkRead(by=li)).then()


def test_nobody_reads_it_for_them() -> None:
    given(posted).when(n.MarkRead(by=mei)).refused(n.NotYourNotification)
    given().when(n.MarkRead(by=li)).refused(n.NoSuchNotification)
