"""Filled stores must hold what the service itself would have written."""

from __future__ import annotations

from datetime import UTC, datetime

from benchmarks.filling import histories
from benchmarks.load.lifecycle import METHODS
from services.workorders.orders.application import ORDER
from services.workorders.orders.domain.lifecycle import MOVES

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def test_an_order_of_a_filled_store_was_rated_long_ago() -> None:
    people = histories.imaginary()
    for order in histories.rated(people, 7, 3, 10, str, NOW):
        state = ORDER.initial()
        for event, meta in order.events:
            state = ORDER.evolve(state, event, meta)
        assert (state.state, state.id) == ("rated", order.stream)
        assert len(order.events) == len(METHODS)
        assert order.events[-1][1].time < NOW - histories.NEWEST + len(METHODS) * histories.STEP


def test_the_same_part_of_a_store_comes_out_the_same() -> None:
    people = histories.imaginary()
    first, again = (list(histories.rated(people, 7, 3, 10, str, NOW)) for _ in range(2))
    assert first == again


def test_a_long_order_has_its_length_and_waits_for_a_repair() -> None:
    order = histories.long(histories.imaginary(), 12, 0, str, NOW)
    assert len(order.events) == 12
    assert MOVES[type(order.events[-1][0])][0] == "dispatched"


def test_facts_name_the_event_as_the_log_does() -> None:
    (order,) = histories.rated(histories.imaginary(), 0, 1, 1, str, NOW)
    assert [fact.type for fact in order.facts()] == [
        "WorkOrderSubmitted",
        "WorkOrderDispatched",
        "WorkOrderRepaired",
        "WorkOrderAccepted",
        "WorkOrderRated",
    ]
