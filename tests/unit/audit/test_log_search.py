"""Searching a service's log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from services.security.definition import SERVICE
from services.security.register.domain.people import PERSON, ForgetPerson, RegisterPerson
from services.security.register.domain.places import (
    BUILDING,
    COMMUNITY,
    RegisterBuilding,
    RegisterCommunity,
)
from shared.eventlog.decider import Context
from shared.eventlog.looking import Sought
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
        (
            {
                "since": datetime(1, 1, 1, tzinfo=UTC),
                "until": datetime(9999, 12, 31, 23, 59, tzinfo=UTC),
            },
            list(range(9)),
        ),
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
        "from the first to the last moment",
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


def test_where_a_search_begins_is_found_for_its_first_page_alone(
    bench: ServiceBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_search, "PAGE", 1)
    wanted, asked = Wanted(since=NOON + timedelta(hours=4)), []
    read = bench.log.store.read_behind

    def spied(positions: Sequence[int]) -> Any:
        asked.append(positions)
        return read(positions)

    monkeypatch.setattr(bench.log.store, "read_behind", spied)
    first = log_search.search(bench.log, wanted, 0, 2)
    assert asked
    asked.clear()
    rest = log_search.search(bench.log, wanted, first.next, 9)
    assert asked == []
    assert [STREAMS.index(one.subject) for one in first.events + rest.events] == [4, 5, 6, 7, 8]


def test_one_question_to_sqlite_looks_no_further_than_a_thousand_events(
    bench: ServiceBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, asked = bench.log.store.read_log_part, []

    def spied(after: int, upto: int, limit: int, sought: Sought) -> Any:
        asked.append((after, upto))
        return read(after, upto, limit, sought)

    monkeypatch.setattr(bench.log.store, "read_log_part", spied)
    # an empty log of so many events is quicker than a full one
    monkeypatch.setattr(bench.log, "head", lambda: 2_500)
    log_search.search(bench.log, Wanted(correlations=frozenset({"none"})), 0, 500)
    assert asked == [(0, 1_000), (1_000, 2_000), (2_000, 2_500)]


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


def test_what_is_found_comes_with_the_rest_of_the_streams_that_it_began() -> None:
    bench = ServiceBench(SERVICE)
    person, other = STREAMS[:2]
    for one in (person, other):
        registered = RegisterPerson(
            person=one, community="garden", name="王磊", phone=None, language="en", known=True
        )
        bench.log.execute(PERSON, one, registered, context("odd", f"c-{one}"))
        bench.log.execute(PERSON, one, ForgetPerson(), context("even", "gone"))
    wanted = Wanted(correlations=frozenset({f"c-{person}"}))
    answer = log_search.search(bench.log, wanted, 0, 500)
    assert [(one.subject, one.version) for one in answer.events] == [(person, 1)]
    subjects, more = log_search.begun(bench.log, answer, wanted, 2)
    assert (subjects, [(one.subject, one.version) for one in more]) == ([person], [(person, 2)])
    elsewhere = Wanted(communities=frozenset({"river"}))
    assert log_search.begun(bench.log, answer, elsewhere, 2) == ([person], [])
    # one answer does not hold both
    assert log_search.begun(bench.log, answer, wanted, 1) == ([], [])
    # whoever names the stream has it
    named = Wanted(named=frozenset({person}))
    assert log_search.begun(bench.log, answer, named, 2) == ([], [])
    bench.close()


def test_the_database_is_not_asked_for_what_no_answer_holds(
    bench: ServiceBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    began = log_search.search(bench.log, Wanted(actors=frozenset({"even"})), 0, 500)
    went_on = msgspec.structs.replace(
        began, events=[msgspec.structs.replace(one, version=2) for one in began.events]
    )
    read, asked = bench.log.store.read_streams_log, []

    def spied(streams: Sequence[str], limit: int | None = None) -> Any:
        asked.append(limit)
        return read(streams, limit)

    monkeypatch.setattr(bench.log.store, "read_streams_log", spied)
    assert log_search.begun(bench.log, went_on, Wanted(), 500) == ([], [])
    assert log_search.begun(bench.log, began, Wanted(), len(began.events)) == ([], [])
    assert asked == []
    # all of them, and one more that would be too many
    assert log_search.begun(bench.log, began, Wanted(), 6)[1] == []
    assert asked == [7]
