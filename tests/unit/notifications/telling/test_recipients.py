"""Who is told where somebody is missing, unknown, just there or forgotten; in whose language."""

from __future__ import annotations

from services.notifications.inbox.telling import MOST_TRIES
from tests.support.order_facts import (
    CHEN,
    LI,
    OTHER_BUILDING,
    SUN,
    forgotten,
    ident,
    order_fact,
    registered,
    withdrawn,
)
from tests.support.service_bench import ServiceBench
from tests.unit.notifications.telling.people import NAMES, told

ON_ORDERS = "when_workorders_has_news_then_tell_whom_it_concerns"


def test_people_are_told_in_their_language(bench: ServiceBench) -> None:
    bench.told("workorders", order_fact("Transferred", SUN, technician=CHEN))
    languages = {NAMES[one.data["person"]]: one.data["language"] for one in bench.facts()}
    assert languages == {"chen": "en", "wang": "zh-CN", "li": "zh-CN"}


def test_where_nobody_dispatches_those_above_are_told(bench: ServiceBench) -> None:
    bench.told("workorders", order_fact("Submitted", LI, building=OTHER_BUILDING))
    assert told(bench) == {("qian", "order_submitted"), ("boss", "order_submitted")}
    bench.told("security", withdrawn(SUN, "dispatcher"))
    bench.told("workorders", order_fact("Submitted", LI, version=2))
    assert ("sun", "order_submitted") not in told(bench)


def test_somebody_just_registered_is_waited_for(bench: ServiceBench) -> None:
    new = ident("new")
    bench.told("workorders", order_fact("Dispatched", SUN, technician=new))
    assert bench.facts() == [] and bench.status(ON_ORDERS) == "following held"
    bench.told("security", registered(new, "en"))
    bench.let_go()
    languages = {one.data["person"]: one.data["language"] for one in bench.facts()}
    assert languages == {new: "en", LI: "zh-CN"}


def test_somebody_unknown_does_not_stop_the_others(bench: ServiceBench) -> None:
    nobody = ident("nobody")
    bench.told("workorders", order_fact("Dispatched", SUN, technician=nobody, version=7))
    for _ in range(MOST_TRIES):
        assert bench.facts() == []
        bench.let_go()
    languages = {one.data["person"]: one.data["language"] for one in bench.facts()}
    assert languages == {nobody: "zh-CN", LI: "zh-CN"}


def test_the_forgotten_are_told_nothing(bench: ServiceBench) -> None:
    bench.told("security", forgotten(LI))
    bench.told("workorders", order_fact("Dispatched", SUN))
    assert told(bench) == {("wang", "order_assigned")}


def test_imported_history_tells_nobody(bench: ServiceBench) -> None:
    bench.told("workorders", order_fact("Imported", "service:operator"))
    assert bench.facts() == []
