"""Who reads a log over RPC, and how much of it at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from shared.errors import Forbidden, Invalid, Unauthenticated
from shared.hosting.log_service import MOST_BYTES, log_service
from shared.hosting.parts import Parts
from shared.identity.caller import Post
from tests.support.toy import JAR, Add, context, stream
from tests.unit.hosting.doors import behind, parts, token


@pytest.fixture
def toys() -> Iterator[Parts]:
    with parts() as found:
        yield found


def read(toys: Parts, *posts: Post, log: str = "toys", after: int = 0, **more: Any) -> Any:
    one = behind(log_service(toys), toys, auth_token=token("ann", *posts))
    return msgspec.json.decode(msgspec.json.encode(one.read({"log": log, "after": after, **more})))


EVERYWHERE = Post("service", "*")


def test_only_services_and_auditors_of_all_communities_read_it(toys: Parts) -> None:
    toys.log.execute(JAR, stream(), Add(amount=1, note="漏水"), context())
    for post in (EVERYWHERE, Post("auditor", "*")):
        (event,) = read(toys, post)["events"]
        assert event["data"]["note"] == "漏水"
    for posts in (
        (),
        (Post("admin", "*"), Post("manager", "*")),
        (Post("auditor", "c1"), Post("service", "c1")),
    ):
        with pytest.raises(Forbidden):
            read(toys, *posts)
    with pytest.raises(Unauthenticated):
        behind(log_service(toys), toys).read({"log": "toys", "after": 0})


def test_it_is_the_log_of_its_own_service(toys: Parts) -> None:
    with pytest.raises(Forbidden, match="the log of toys"):
        read(toys, EVERYWHERE, log="workorders")


def test_a_page_has_at_most_500_events_and_says_where_the_next_begins(toys: Parts) -> None:
    toys.log.execute(JAR, stream(), Add(amount=1, times=501), context())
    page = read(toys, EVERYWHERE)
    assert (len(page["events"]), page["next"], page["head"]) == (500, 500, 501)
    assert page["log_id"] == toys.store.log_id
    rest = read(toys, EVERYWHERE, after=page["next"])
    assert [event["position"] for event in rest["events"]] == [501]
    assert rest["anchor"] == page["events"][-1]["id"]
    assert read(toys, EVERYWHERE, after=501)["events"] == []
    for wrong in ({"limit": 501}, {"limit": 0}, {"after": -1}):
        with pytest.raises(Invalid):
            read(toys, EVERYWHERE, **wrong)


def test_a_page_has_at_most_a_megabyte_and_loses_nothing_by_that(toys: Parts) -> None:
    long = "水" * 100_000
    for _ in range(7):
        toys.log.execute(JAR, stream(), Add(amount=1, note=long), context())
    toys.log.execute(JAR, stream(), Add(amount=1, note=long * 4), context())
    found: list[int] = []
    after, pages = 0, 0
    while (page := read(toys, EVERYWHERE, after=after))["events"]:
        # One event that is larger all alone goes by itself, or nobody would ever pass it.
        size = sum(len(msgspec.json.encode(event)) for event in page["events"])
        assert size <= MOST_BYTES or len(page["events"]) == 1
        found += [event["position"] for event in page["events"]]
        after, pages = page["next"], pages + 1
    assert found == list(range(1, 9))
    assert pages == 4


def search(toys: Parts, **asked: Any) -> Any:
    one = behind(log_service(toys), toys, auth_token=token("ann", EVERYWHERE))
    return msgspec.json.decode(msgspec.json.encode(one.search({"log": "toys", **asked})))


def begun(toys: Parts, *more: Add) -> Any:
    """What is told, with what it began, of a stream whose later events have other correlations."""
    first, jar = context(), stream()
    toys.log.execute(JAR, jar, Add(amount=1), first)
    for one in more:
        toys.log.execute(JAR, jar, one, context())
    page = search(toys, correlations=[first.correlation_id], begun=True)
    assert page["done"]
    assert page["begun"] in ([], [jar])
    return [event["streamversion"] for event in page["events"]], bool(page["begun"])


def test_a_stream_that_was_begun_is_told_whole_where_one_answer_holds_it(toys: Parts) -> None:
    assert begun(toys, Add(amount=2), Add(amount=3)) == ([1, 2, 3], True)
    assert begun(toys, Add(amount=1, times=499)) == (list(range(1, 501)), True)
    assert begun(toys, Add(amount=1, times=500)) == ([1], False)
    assert begun(toys, *[Add(amount=1, note="水" * 100_000)] * 4) == ([1], False)


def test_a_page_that_a_megabyte_ends_says_nothing_of_what_was_begun(toys: Parts) -> None:
    first = context()
    for _ in range(4):
        toys.log.execute(JAR, stream(), Add(amount=1, note="水" * 100_000), first)
    page = search(toys, correlations=[first.correlation_id], begun=True)
    assert (len(page["events"]), page["done"]) == (3, False)
    assert "begun" not in page
    rest = search(toys, correlations=[first.correlation_id], begun=True, after=page["next"])
    assert (len(rest["events"]), len(rest["begun"]), rest["done"]) == (1, 1, True)
