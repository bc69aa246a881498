"""No two visits of one technician take the same time, whoever agrees them and however fast."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.workorders.bookings.domain import VISIT_BOOK, BookedMeanwhile, BookVisit
from services.workorders.orders import schemas as o
from services.workorders.orders import visit_schemas as vs
from services.workorders.orders.application import ORDER
from services.workorders.orders.domain.commands import Dispatch, Merge
from services.workorders.orders.domain.links import Target
from services.workorders.orders.domain.visits import refusals as r
from services.workorders.orders.domain.visits.commands import CancelVisit, ChooseVisit
from services.workorders.orders.domain.visits.values import Window
from services.workorders.staff import schemas as s
from shared.eventlog.decider import Context
from shared.eventlog.store import LostRace
from shared.eventlog.unit_of_work import UnitOfWork
from shared.identity.caller import Caller
from shared.testing.scenario import NOON, given
from tests.support.order_facts import CHEN, WANG
from tests.unit.workorders.desk import Desk, boss, chen, li, sun, wang

DAY = timedelta(days=1)
ZONE = "Asia/Shanghai"
# the next morning there: 9 to 11, 10 to 12 and 13 to 15
NINE, TEN, ONE = (
    (NOON.replace(hour=hour) + DAY, NOON.replace(hour=hour + 2) + DAY) for hour in (1, 2, 5)
)


def told(window: tuple[datetime, datetime]) -> dict[str, str]:
    return dict(zip(("starts", "ends"), (one.isoformat() for one in window), strict=True))


def shown(window: tuple[datetime, datetime]) -> dict[str, str]:
    return {name: at.replace("+00:00", "Z") for name, at in told(window).items()}


def sent(desk: Desk, technician: str | None = WANG, **more: Any) -> str:
    order = desk.report(**more)
    if technician is not None:
        give(desk, order, technician)
    return order


def give(desk: Desk, order: str, technician: str) -> None:
    desk.ask("orders", "dispatch", o.Dispatch, sun, id=order, technician=technician)


def transfer(desk: Desk, order: str, technician: str) -> None:
    desk.ask("orders", "transfer", o.Transfer, sun, id=order, technician=technician)


def offer(desk: Desk, order: str, *windows: tuple[datetime, datetime], by: Caller = sun) -> None:
    wanted = [told(one) for one in windows]
    desk.ask("visiting", "offer_visits", vs.OfferVisits, by, id=order, windows=wanted)


def choose(desk: Desk, order: str, window: int = 1, by: Caller = li, offer: int = 1) -> Any:
    return desk.ask(
        "visiting", "choose_visit", vs.ChooseVisit, by, id=order, offer=offer, window=window
    )


def move(desk: Desk, order: str, window: tuple[datetime, datetime], by: Caller = sun) -> None:
    desk.ask("visiting", "move_visit", vs.MoveVisit, by, id=order, **told(window))


def agreed(desk: Desk, window: tuple[datetime, datetime] = NINE, **more: Any) -> str:
    order = sent(desk, **more)
    offer(desk, order, window)
    choose(desk, order)
    return order


def get(desk: Desk, order: str, by: Caller = li) -> Any:
    return desk.ask("queries", "get", o.Get, by, id=order)


def number(desk: Desk, order: str) -> str:
    return str(get(desk, order)["number"])


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


def test_nobody_comes_while_on_leave_or_off_shift(desk: Desk) -> None:
    desk.shift(WANG, NINE[0], hours=2)
    order = sent(desk)
    with pytest.raises(r.TechnicianOffShift):
        offer(desk, order, ONE)
    offer(desk, order, NINE)
    leave = told(NINE)
    desk.ask("staff", "grant_leave", s.GrantLeave, boss, person=WANG, **leave)
    with pytest.raises(r.VisitTaken) as resident:
        choose(desk, order)
    assert "leave" not in resident.value.message
    with pytest.raises(r.TechnicianOnLeave):
        choose(desk, order, by=sun)
    assert get(desk, order)["visit"]["windows"] == []


def test_who_takes_time_of_somebodys_away_is_told_what_is_agreed_for_it(desk: Desk) -> None:
    desk.shift(WANG, NINE[0], hours=8)
    later, first = agreed(desk, ONE), agreed(desk, NINE)
    agreed(desk, (NINE[0] + DAY, NINE[1] + DAY))
    given_away, missing = agreed(desk, (NINE[1], TEN[1])), sent(desk)
    transfer(desk, given_away, CHEN)
    offer(desk, missing, (TEN[1], TEN[1] + timedelta(hours=1)))

    def visits(answer: Any) -> Any:
        return [(one["order"], one["number"], one["starts"], one["ends"]) for one in answer]

    def told_of(*orders: tuple[str, tuple[datetime, datetime]]) -> list[Any]:
        return [(one, number(desk, one), *shown(at).values()) for one, at in orders]

    (shift,) = desk.ask("staff", "staff_record", s.OfPerson, boss, person=WANG)["shifts"]
    once = str(uuid4())
    for _ in range(2):
        gone = desk.ask(
            "staff", "withdraw_shift", s.WithdrawShift, boss, person=WANG, shift=shift["id"],
            command_id=once,
        )  # fmt: skip
        assert visits(gone["visits"]) == told_of((first, NINE), (later, ONE))
    desk.clock.advance(NINE[1] - desk.clock.now())
    whole = {"starts": NOON.isoformat(), "ends": (NOON + DAY).isoformat()}
    leave = desk.ask("staff", "grant_leave", s.GrantLeave, boss, person=WANG, **whole)
    assert visits(leave["visits"]) == told_of((later, ONE)), "the other's time is over"
    past = {"starts": (NOON - DAY).isoformat(), "ends": NOON.isoformat()}
    assert not desk.ask("staff", "grant_leave", s.GrantLeave, boss, person=WANG, **past)["visits"]


def test_a_day_that_no_shift_is_planned_for_yet_is_no_day_off(desk: Desk) -> None:
    desk.shift(WANG)
    agreed(desk, NINE)


def test_whoever_gets_an_order_can_come_to_its_visit(desk: Desk) -> None:
    agreed(desk, TEN)
    order = sent(desk, CHEN)
    offer(desk, order, NINE)
    choose(desk, order)
    with pytest.raises(r.VisitTaken):
        transfer(desk, order, WANG)
    assert get(desk, order)["technician"] == CHEN
    move(desk, order, ONE)
    transfer(desk, order, WANG)
    # it is in wang's book now, not in chen's any more
    with pytest.raises(r.VisitTaken):
        agreed(desk, ONE)
    third = sent(desk, CHEN)
    offer(desk, third, ONE)
    choose(desk, third)


def test_a_visit_agreed_before_anybody_has_the_order_is_held_against_whoever_gets_it(
    desk: Desk,
) -> None:
    agreed(desk)
    order = sent(desk, None)
    offer(desk, order, TEN)
    choose(desk, order)
    with pytest.raises(r.VisitTaken):
        give(desk, order, WANG)
    give(desk, order, CHEN)
    assert [one.data["technician"] for one in desk.of("VisitBooked")] == [WANG, CHEN]


def test_a_dispatch_decided_on_an_older_look_is_not_stored(desk: Desk) -> None:
    """The visit was agreed after the caller had looked, so nobody has held it against wang."""
    order = sent(desk, None)
    offer(desk, order, TEN)
    choose(desk, order)
    with pytest.raises(r.VisitNotSeen):
        desk.does(sun, Dispatch, order, technician=WANG, technician_here=True)


def test_what_was_taken_from_the_pool_is_held_against_the_taker(desk: Desk) -> None:
    desk.mode("grab")
    desk.skill(CHEN)
    other = sent(desk, CHEN)
    offer(desk, other, NINE)
    choose(desk, other)
    order = sent(desk, None)
    offer(desk, order, TEN)
    choose(desk, order)
    with pytest.raises(r.VisitTaken) as refused:
        desk.ask("dispatching", "grab", o.OnOrder, chen, id=order)
    assert number(desk, other) in refused.value.message


def test_what_is_over_or_given_back_takes_no_time(desk: Desk) -> None:
    done = agreed(desk)
    desk.clock.set(NINE[0])
    later = (NINE[0] + timedelta(minutes=30), NINE[1])
    order = sent(desk)
    with pytest.raises(r.VisitTaken):
        offer(desk, order, later)
    desk.ask("orders", "repair", o.Repair, wang, id=done, notes="new washer")
    offer(desk, order, later)


def test_a_visit_called_off_leaves_its_time_to_others_and_can_be_agreed_again(desk: Desk) -> None:
    off, other = agreed(desk), sent(desk)
    desk.does(li, CancelVisit, off, zone=ZONE)
    assert get(desk, off)["visit"]["state"] == "cancelled"
    offer(desk, other, NINE)
    choose(desk, other)
    with pytest.raises(r.VisitTaken):
        offer(desk, off, NINE)
    offer(desk, off, ONE)
    choose(desk, off, offer=2)
    assert get(desk, off)["visit"]["window"] == shown(ONE)


def test_a_visit_that_was_agreed_before_there_was_a_book_counts(desk: Desk) -> None:
    old = sent(desk)
    offer(desk, old, NINE)
    desk.does(li, ChooseVisit, old, offer=1, window=1, zone=ZONE)
    assert not desk.of("VisitBooked")
    with pytest.raises(r.VisitTaken):
        offer(desk, sent(desk), TEN)


def test_unmerged_an_order_has_its_visit_again_where_its_technician_can_still_come(
    desk: Desk,
) -> None:
    kept, lost = agreed(desk), agreed(desk, ONE)
    into = sent(desk, CHEN)
    for order in (kept, lost):
        target = Target(id=into, number="R-3", state="dispatched")
        desk.does(sun, Merge, order, target=target)
    agreed(desk, ONE)
    for order in (kept, lost):
        desk.ask("visiting", "unmerge", o.OnOrder, sun, id=order)
    assert get(desk, kept)["visit"]["window"] == shown(NINE)
    assert get(desk, lost)["visit"] is None
    assert [one.data["visit_lost"] for one in desk.of("WorkOrderUnmerged")] == [False, True]


def test_a_choice_sent_again_is_answered_as_before(desk: Desk) -> None:
    order = sent(desk)
    offer(desk, order, NINE)
    once = str(uuid4())
    asked = {"id": order, "offer": 1, "window": 1, "command_id": once}
    answers = [desk.ask("visiting", "choose_visit", vs.ChooseVisit, li, **asked) for _ in range(2)]
    assert answers[0] == answers[1]
    assert len(desk.of("WorkOrderVisitChosen")) == len(desk.of("VisitBooked")) == 1


# -- dispatching -----------------------------------------------------------------------------------


def rostered(desk: Desk) -> None:
    desk.mode("automatic")
    for person in (WANG, CHEN):
        desk.skill(person)
        desk.shift(person, NOON, hours=24)


def given_to(desk: Desk) -> dict[str, str]:
    return {one["id"]: one["technician"] for one in desk.round()["dispatched"]}


def test_nobody_is_sent_elsewhere_while_a_visit_of_theirs_is_about_to_begin(desk: Desk) -> None:
    rostered(desk)
    at = NINE[0] - timedelta(hours=4)
    agreed(desk, (at, at + timedelta(hours=1)))
    order = sent(desk, None)
    desk.clock.set(at - timedelta(minutes=20))
    found = desk.ask("dispatching", "candidates", vs.OnOrder, sun, id=order)
    assert found["excluded"] == [{"technician": WANG, "reason": "booked"}]
    assert given_to(desk) == {order: CHEN}


def test_whose_visit_is_called_off_is_free_to_be_sent_elsewhere(desk: Desk) -> None:
    rostered(desk)
    at = NINE[0] - timedelta(hours=4)
    off = agreed(desk, (at, at + timedelta(hours=1)))
    order = sent(desk, None)
    desk.clock.set(at - timedelta(minutes=20))
    rounds = len(desk.due())
    desk.does(li, CancelVisit, off, zone=ZONE)
    found = desk.ask("dispatching", "candidates", vs.OnOrder, sun, id=order)
    assert found["excluded"] == []
    assert len(desk.due()) == rounds + 1, "there are hands for what waits"


def test_a_round_sends_somebody_who_can_come_when_the_visit_is(desk: Desk) -> None:
    rostered(desk)
    agreed(desk)
    order = sent(desk, None)
    offer(desk, order, TEN)
    choose(desk, order)
    assert given_to(desk) == {order: CHEN}
    assert [one.data["technician"] for one in desk.of("VisitBooked")] == [WANG, CHEN]


def test_two_visits_at_one_time_are_not_given_to_one_person_by_one_round(desk: Desk) -> None:
    desk.mode("automatic")
    desk.skill(WANG)
    desk.shift(WANG, NOON, hours=24)
    orders = [sent(desk, None) for _ in range(2)]
    for order in orders:
        offer(desk, order, NINE)
        choose(desk, order)
    given = given_to(desk)
    assert list(given.values()) == [WANG]
    assert len(desk.of("VisitBooked")) == 1
