"""No two visits of one technician take the same time, whoever agrees them and however fast."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.workorders.bookings.domain import VISIT_BOOK, BookedMeanwhile, BookVisit
from services.workorders.orders import schemas as o
from services.workorders.orders import visit_schemas as vs
from services.workorders.orders.application import ORDER
from services.workorders.orders.domain.visits import refusals as r
from services.workorders.orders.domain.visits.commands import ChooseVisit
from services.workorders.orders.domain.visits.values import Window
from shared.eventlog.decider import Context
from shared.eventlog.store import LostRace
from shared.eventlog.unit_of_work import UnitOfWork
from shared.testing.scenario import given
from tests.support.order_facts import WANG
from tests.unit.workorders.cast import ZONE
from tests.unit.workorders.desk import Desk, li, sun
from tests.unit.workorders.visiting import (
    NINE,
    ONE,
    TEN,
    agreed,
    choose,
    get,
    move,
    number,
    offer,
    sent,
    shown,
)


def test_a_window_in_which_the_technician_has_a_visit_is_not_offered(desk: Desk) -> None:
    other = number(desk, agreed(desk))
    order = sent(desk)
    with pytest.raises(r.VisitTaken) as refused:
        offer(desk, order, ONE, TEN)
    assert other in refused.value.message
    assert list(refused.value.fields) == ["windows.1.starts"]
    assert get(desk, order)["visit"] is None
    offer(desk, order, ONE, (NINE[1], NINE[1] + timedelta(hours=1)))


def test_of_two_who_choose_the_same_time_the_second_is_told_what_is_free(desk: Desk) -> None:
    first, second = sent(desk), sent(desk)
    offer(desk, first, NINE, ONE)
    offer(desk, second, TEN, ONE)
    choose(desk, first)
    with pytest.raises(r.VisitTaken) as refused:
        choose(desk, second)
    assert list(refused.value.fields) == ["window"]
    assert "Still free are the windows 2." in refused.value.message
    assert number(desk, first) not in refused.value.message
    with pytest.raises(r.VisitTaken) as staff:
        choose(desk, second, by=sun)
    assert number(desk, first) in staff.value.message
    choose(desk, second, 2)
    assert len(desk.of("VisitBooked")) == 2


def test_what_was_taken_meanwhile_is_not_on_offer_any_more(desk: Desk) -> None:
    order = sent(desk)
    offer(desk, order, TEN, ONE)
    assert [one["number"] for one in get(desk, order)["visit"]["windows"]] == [1, 2]
    agreed(desk)
    found = get(desk, order)["visit"]["windows"]
    assert [(one["number"], one["starts"]) for one in found] == [(2, shown(ONE)["starts"])]
    # as it was then
    then = desk.ask("queries", "get", o.Get, sun, id=order, version=3)
    assert len(then["visit"]["windows"]) == 2


def test_a_choice_that_was_looked_at_before_another_took_the_time_is_not_stored(
    desk: Desk,
) -> None:
    """Both have looked and found it free; the one who is stored second finds the book moved."""
    first, second = sent(desk), sent(desk)
    for order in (first, second):
        offer(desk, order, NINE, ONE)
    bookings = desk.parts.applications["visiting"]._bookings
    work = UnitOfWork(desk.log)
    state = work.foresee([(ORDER, second)])[ORDER.name, second].state
    once = str(uuid4())
    context = Context(actor=li.person, command_id=once, command_digest="", correlation_id=once)
    window = Window(starts=NINE[0], ends=NINE[1])
    assert bookings.join(work, second, state, WANG, window, context) is None
    work.add(ORDER, second, ChooseVisit(by=li, offer=1, window=1, zone=ZONE), context)
    choose(desk, first)
    with pytest.raises(LostRace):
        work.commit(lambda tx: None)
    with pytest.raises(r.VisitTaken):
        choose(desk, second)
    assert [one.data["order"] for one in desk.of("VisitBooked")] == [first]


def test_the_book_itself_takes_no_two_visits_at_one_time() -> None:
    book = BookVisit(technician=WANG, order="garden.a", number="R-1", starts=NINE[0], ends=NINE[1])
    again = BookVisit(technician=WANG, order="garden.b", number="R-2", starts=TEN[0], ends=TEN[1])
    [made] = given(VISIT_BOOK).when(book).events
    given(VISIT_BOOK, made).when(again).refused(BookedMeanwhile)
    void = BookVisit(**{**_fields(again), "void": frozenset({"garden.a"})})
    assert len(given(VISIT_BOOK, made).when(void).events) == 1


def _fields(command: BookVisit) -> dict[str, Any]:
    return {name: getattr(command, name) for name in command.__struct_fields__}


def test_a_visit_is_moved_only_to_where_its_technician_is_free(desk: Desk) -> None:
    other = number(desk, agreed(desk, ONE))
    order = agreed(desk)
    with pytest.raises(r.VisitTaken) as refused:
        move(desk, order, (ONE[0] + timedelta(hours=1), ONE[1] + timedelta(hours=1)))
    assert other in refused.value.message
    with pytest.raises(r.VisitTaken) as resident:
        move(desk, order, ONE, by=li)
    assert other not in resident.value.message
    assert get(desk, order)["visit"]["window"] == shown(NINE)
    # into a time that overlaps only its own
    move(desk, order, TEN)
    # what it has left is free again
    agreed(desk, (NINE[0], NINE[0] + timedelta(hours=1)))


def test_a_visit_that_was_agreed_before_there_was_a_book_counts(desk: Desk) -> None:
    old = sent(desk)
    offer(desk, old, NINE)
    desk.does(li, ChooseVisit, old, offer=1, window=1, zone=ZONE)
    assert not desk.of("VisitBooked")
    with pytest.raises(r.VisitTaken):
        offer(desk, sent(desk), TEN)


def test_a_choice_sent_again_is_answered_as_before(desk: Desk) -> None:
    order = sent(desk)
    offer(desk, order, NINE)
    once = str(uuid4())
    asked = {"id": order, "offer": 1, "window": 1, "command_id": once}
    answers = [desk.ask("visiting", "choose_visit", vs.ChooseVisit, li, **asked) for _ in range(2)]
    assert answers[0] == answers[1]
    assert len(desk.of("WorkOrderVisitChosen")) == len(desk.of("VisitBooked")) == 1
