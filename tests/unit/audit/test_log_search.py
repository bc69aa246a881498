"""Searching a service's log, and gathering one stream's story out of several."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.security.definition import SERVICE
from services.security.register.domain.places import (
    BUILDING,
    COMMUNITY,
    RegisterBuilding,
    RegisterCommunity,
)
from shared.audit.gathering import gathered
from shared.eventlog.decider import Context
from shared.hosting import log_search
from shared.hosting.log_search import Wanted
from shared.testing.scenario import NOON
from tests.support.service_bench import ServiceBench

STREAMS = [f"garden.00000000-0000-4000-8000-{number:012}" for number in range(9)]
ODD = 'quoted "\\" 上海\n'


@pytest.fixture(scope="module")
def bench() -> Iterator[ServiceBench]:
    """Streams 1 to 8, one event each, an hour apart: registered by odd and even in turn."""
    made = ServiceBench(SERVICE)
    made.log.execute(
        COMMUNITY,
        STREAMS[0],
        RegisterCommunity(
            community="garden", name="garden", timezone="Asia/Shanghai", language="en"
        ),
        context("odd", "c0"),
    )
    for number in range(1, 9):
        made.clock.advance(timedelta(hours=1))
        made.log.execute(
            BUILDING,
            STREAMS[number],
            RegisterBuilding(
                building=STREAMS[number],
                community="garden",
                code=str(number),
                name="house",
                known=True,
            ),
            context(
                "even" if number % 2 == 0 else "odd", ODD if number == 8 else f"c{number // 2}"
            ),
        )
    yield made
    made.close()


def context(actor: str, correlation: str) -> Context:
    return Context(
        actor=actor, command_id=str(uuid4()), command_digest="", correlation_id=correlation
    )


def found(bench: ServiceBench, limit: int = 500, after: int = 0, **wanted: Any) -> list[int]:
    answer = log_search.search(bench.log, Wanted(**wanted), after, limit)
    return [STREAMS.index(one.subject) for one in answer.events if one.subject in STREAMS]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"types": frozenset({"CommunityRegistered"})}, [0]),
        ({"actors": frozenset({"even"})}, [2, 4, 6, 8]),
        ({"correlations": frozenset({"c1"})}, [2, 3]),
        ({"correlations": frozenset({ODD})}, [8]),
        ({"named": frozenset({STREAMS[5]})}, [5]),
        ({"named": frozenset({STREAMS[5]}), "correlations": frozenset({"c1"})}, [2, 3, 5]),
        ({"since": NOON + timedelta(hours=7)}, [7, 8]),
        ({"until": NOON + timedelta(hours=2)}, [0, 1]),
        ({"communities": frozenset({"river"})}, []),
    ],
    ids=[
        "type",
        "actor",
        "correlation",
        "any text",
        "named",
        "widened",
        "since",
        "until",
        "community",
    ],
)
def test_what_fits_is_found_in_its_order(
    bench: ServiceBench, wanted: dict[str, Any], expected: list[int]
) -> None:
    assert found(bench, **wanted) == expected


@pytest.mark.parametrize("parts", [2, 3, 64])
def test_where_a_moment_lies_in_a_log_of_many_pages_is_found(
    bench: ServiceBench, monkeypatch: pytest.MonkeyPatch, parts: int
) -> None:
    monkeypatch.setattr(log_search, "PAGE", 1)
    monkeypatch.setattr(log_search, "_PARTS", parts)
    head = bench.log.head()
    for hours in range(-1, 10):
        moment = NOON + timedelta(hours=hours)
        before = log_search.position_before(bench.log, moment, head)
        facts = bench.log.read(0)
        earlier = [fact.position for fact in facts if fact.time < moment - timedelta(minutes=5)]
        assert before <= max(earlier, default=0)
        assert sum(before < position for position in earlier) <= 1
        assert found(bench, since=moment) == list(range(max(hours, 0), 9))


def test_a_search_goes_on_where_it_ended_until_all_was_looked_at(bench: ServiceBench) -> None:
    wanted = Wanted(actors=frozenset({"even"}))
    after, seen, done = 0, [], False
    while not done:
        answer = log_search.search(bench.log, wanted, after, 3)
        seen += [STREAMS.index(one.subject) for one in answer.events]
        after, done = answer.next, answer.done
    assert seen == [2, 4, 6, 8]


def test_a_search_ends_when_its_time_is_over_and_says_where(
    bench: ServiceBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_search, "PAGE", 4)
    times = iter([0.0, 9.0])
    answer = log_search.search(bench.log, Wanted(), 0, 500, lambda: next(times))
    assert (len(answer.events), answer.done) == (4, False)
    assert answer.next == answer.events[-1].position


def test_streams_are_read_without_looking_at_others(bench: ServiceBench) -> None:
    answer = log_search.streams(bench.log, [STREAMS[3], STREAMS[1]], Wanted())
    assert [one.subject for one in answer.events] == [STREAMS[3], STREAMS[1]]
    elsewhere = Wanted(communities=frozenset({"river"}))
    assert log_search.streams(bench.log, [STREAMS[3]], elsewhere).events == []


def event(id_: str, log: str, subject: str, version: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "log": log,
        "subject": subject,
        "streamversion": version,
        "position": version,
        "time": "2026-03-01T12:00:00+00:00",
        "correlationid": f"c-{id_}",
        "causationid": None,
        "data": {},
        **more,
    }


ORDER = event("order", "orders", "o")
BILL = event("bill", "bills", "b", causationid="order")
PAID = event("paid", "bills", "b", 2)
TOLD = event("told", "posts", "p", causationid="paid")
COMMENT = event("comment", "orders", "c", data={"about": "o"})
READ = event("read", "posts", "r", causationid="comment")
LOGS = {
    "orders": [ORDER, COMMENT],
    "bills": [BILL, PAID],
    "posts": [TOLD, event("other", "posts", "q"), READ],
}


def search(log: str, asked: dict[str, Any]) -> dict[str, Any]:
    """As a service answers, an event a time."""
    if "subjects" in asked:
        fits = [one for one in LOGS[log] if one["subject"] in asked["subjects"]]
        return {"events": fits, "next": 9, "head": 9, "done": True}
    rest = LOGS[log][asked["after"] :]
    fits = [
        one
        for one in rest[:1]
        if one["causationid"] in asked["causes"]
        or one["correlationid"] in asked["correlations"]
        or one["data"].get("about") in asked["named"]
    ]
    return {"events": fits, "next": asked["after"] + 1, "head": 9, "done": len(rest) <= 1}


def test_a_story_follows_what_was_begun_into_the_logs_behind() -> None:
    story = gathered(search, list(LOGS), [ORDER])
    assert {one["id"] for one in story.events} == {
        "order",
        "comment",
        "bill",
        "paid",
        "told",
        "read",
    }
    assert story.unsearched == []


def test_a_story_says_which_logs_there_was_no_time_for() -> None:
    story = gathered(search, list(LOGS), [ORDER], seconds=0)
    assert [one["id"] for one in story.events] == ["order"]
    assert story.unsearched == ["orders", "bills", "posts"]
