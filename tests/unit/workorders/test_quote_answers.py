"""Who answers a quote: the resident, the owners' committee, a manager; and staff who were told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from services.workorders.comments.schemas import OfOrder
from services.workorders.definition import SERVICE
from services.workorders.orders import quote_schemas as qs
from services.workorders.orders import schemas as o
from services.workorders.orders.domain import commands as c
from services.workorders.orders.domain import refusals as r
from services.workorders.orders.domain.permission import allowed
from services.workorders.orders.domain.quotes import commands as qc
from services.workorders.orders.domain.quotes import events as q
from services.workorders.orders.domain.quotes import refusals as qr
from services.workorders.orders.domain.quotes.values import OBJECT_WITHIN
from shared.errors import Invalid
from shared.identity.caller import Caller, Post
from shared.testing.scenario import NOON, at
from tests.support.order_facts import (
    MEI,
    OTHER_BUILDING,
    SUN,
    WANG,
    community_registered,
    granted,
    registered,
)
from tests.unit.workorders.cast import (
    HISTORIES,
    HOUR,
    WEEK,
    agreed,
    boss,
    chair,
    fold,
    given,
    keys,
    li,
    mei,
    person,
    put_quote,
    quoted,
    started,
    sun,
    wang,
)
from tests.unit.workorders.desk import Desk, placed
from tests.unit.workorders.desk import boss as manager
from tests.unit.workorders.desk import li as resident
from tests.unit.workorders.desk import mei as neighbour
from tests.unit.workorders.desk import sun as dispatcher

WAITING = HISTORIES["waiting"]
FUND = (*WAITING, quoted(payer="fund", answerer="committee"))
OPEN = (*WAITING, at(NOON, quoted(), actor="wang"))
YES = qc.AcceptQuote(by=chair, quote=1)


# -- the fund --------------------------------------------------------------------------------------


def test_the_committee_is_asked_where_there_is_one_and_else_a_manager() -> None:
    for committee, answerer in ((True, "committee"), (False, "manager")):
        command = put_quote(payer="fund", committee=committee)
        [event] = given(*WAITING).when(command).events
        assert event.answerer == answerer
    for payer in ("warranty", "company"):
        [event] = given(*WAITING).when(put_quote(payer=payer, committee=True)).events
        assert event.answerer == "manager"


def test_what_the_fund_pays_is_for_the_committee_to_say() -> None:
    [event] = given(*FUND).when(YES).events
    assert event == agreed(payer="fund", answerer="committee")
    for other in (boss, li, sun, wang):
        given(*FUND).when(msgspec.structs.replace(YES, by=other)).refused(
            r.NotYourOrder if other in (boss, li) else r.NotYourRole
        )
    no = qc.DeclineQuote(by=boss, quote=1)
    given(*FUND).when(no).refused(r.NotYourOrder)
    assert given(*FUND).when(msgspec.structs.replace(no, by=chair)).events
    assert "accept_quote" not in allowed(fold(*FUND), boss, NOON)
    assert "accept_quote" in allowed(fold(*FUND), chair, NOON)


def test_the_committee_says_nothing_of_what_others_pay() -> None:
    for payer in ("owner", "warranty", "company"):
        given(*WAITING, quoted(payer=payer)).when(YES).refused(r.NotYourOrder)


def test_nobody_of_the_committee_answers_a_quote_of_their_own() -> None:
    both = person("wang", "technician", "committee")
    history = (*WAITING, at(NOON, quoted(payer="fund", answerer="committee"), actor="wang"))
    given(*history).when(msgspec.structs.replace(YES, by=both)).refused(qr.OwnQuote)


def test_without_a_committee_a_manager_answers_and_the_event_says_so() -> None:
    history = (*WAITING, quoted(payer="fund", answerer="manager"))
    [event] = given(*history).when(msgspec.structs.replace(YES, by=boss)).events
    assert event.answerer == "manager"
    # one that was formed since takes over
    [event] = given(*history).when(YES).events
    assert event.answerer == "committee"


def test_a_quote_that_nobody_else_may_answer_is_not_put() -> None:
    for payer, others in (("warranty", ()), ("company", ("committee",)), ("fund", ("committee",))):
        alone = put_quote(boss, payer=payer, others=others)
        error = given(*WAITING).when(alone).refused(qr.NobodyToAnswer, fields=["payer"])
        assert "quote" in error.allowed, "for another payer"
    chairs = put_quote(payer="fund", committee=True, others=("manager",))
    given(*WAITING).when(chairs).refused(qr.NobodyToAnswer, fields=["payer"])
    assert given(*WAITING).when(put_quote(others=())).events, "the resident is there"


# -- said to staff ---------------------------------------------------------------------------------

SAID = qc.AcceptQuoteFor(
    by=sun, quote=1, channel="phone", said_at=NOON + HOUR / 2, note="called back at noon"
)
LATER = NOON + HOUR


def yes_taken() -> q.WorkOrderQuoteAccepted:
    return agreed(
        said_by="li",
        said_at=NOON + HOUR / 2,
        channel="phone",
        note="called back at noon",
        objection_until=LATER + OBJECT_WITHIN,
    )


TAKEN = (*OPEN, at(LATER, yes_taken(), actor="sun"))


def test_staff_take_down_what_the_resident_said_how_and_when() -> None:
    state = given(*OPEN).when(SAID, at=LATER).then(yes_taken())
    assert (state.agreed.total_fen, state.taken.said_by) == (5_000, "li")
    no = qc.DeclineQuoteFor(by=boss, quote=1, channel="counter", reason="too dear")
    [event] = given(*OPEN).when(no, at=LATER).events
    assert (event.channel, event.said_at, event.reason) == ("counter", LATER, "too dear")


@pytest.mark.parametrize("command", [SAID, qc.DeclineQuoteFor(by=sun, quote=1, channel="phone")])
def test_whoever_put_it_or_does_the_work_never_takes_the_answer_down(command: Any) -> None:
    both = person("wang", "technician", "dispatcher")
    wanted = msgspec.structs.replace(command, by=both)
    given(*OPEN).when(wanted, at=LATER).refused(qr.OwnQuote)
    by_sun = (*WAITING, at(NOON, quoted(), actor="sun"))
    given(*by_sun).when(command, at=LATER).refused(qr.OwnQuote)
    given(*by_sun).when(wanted, at=LATER).refused(qr.OwnOrder)
    given(*OPEN).when(msgspec.structs.replace(command, by=wang), at=LATER).refused(r.NotYourRole)
    both = person("li", "resident", "manager")
    given(*OPEN).when(msgspec.structs.replace(command, by=both), at=LATER).refused(qr.OwnAnswer)


def test_nothing_is_taken_down_for_the_fund_or_the_company() -> None:
    given(*FUND).when(SAID, at=LATER).refused(r.NotYourOrder)


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "by pigeon": ({"channel": "pigeon"}, "channel"),
    "tomorrow": ({"said_at": LATER + HOUR}, "said_at"),
    "before it was put": ({"said_at": NOON - HOUR}, "said_at"),
    "without a zone": ({"said_at": NOON.replace(tzinfo=None)}, "said_at"),
}


@pytest.mark.parametrize(("changes", "field"), BAD.values(), ids=BAD.keys())
def test_an_answer_that_nobody_can_have_given_is_refused(
    changes: dict[str, Any], field: str
) -> None:
    command = msgspec.structs.replace(SAID, **changes)
    given(*OPEN).when(command, at=LATER).refused(Invalid, fields=[field])


def test_no_work_begins_while_the_resident_may_object() -> None:
    start, repair = c.Start(by=wang), c.Repair(by=wang, notes="new washer", minutes=30)
    for command in (start, repair):
        given(*TAKEN).when(command, at=LATER + HOUR / 2).refused(qr.AnswerTaken)
    given(*TAKEN).when(start, at=LATER + OBJECT_WITHIN).then(started)
    confirmed = q.WorkOrderQuoteAnswerConfirmed(**keys(), quote=1, answered="accepted")
    given(*TAKEN).when(qc.ConfirmAnswer(by=li, quote=1), at=LATER + HOUR / 2).then(confirmed)
    given(*TAKEN, confirmed).when(start, at=LATER + HOUR / 2).then(started)


def test_an_objection_puts_everything_back_as_it_was() -> None:
    objection = qc.ObjectToAnswer(by=li, quote=1, reason="I never said that")
    state = given(*TAKEN).when(objection, at=LATER + HOUR / 2).after()
    assert (state.quote.state, state.agreed, state.taken) == ("open", None, None)
    # what had been agreed before holds again
    first = (*WAITING, quoted(3_000), agreed(3_000), at(NOON, quoted(5_000, 2), actor="wang"))
    taken = at(LATER, msgspec.structs.replace(yes_taken(), quote=2), actor="sun")
    again = qc.ObjectToAnswer(by=li, quote=2)
    state = given(*first, taken).when(again, at=LATER + HOUR / 2).after()
    assert (state.quote.state, state.agreed.total_fen) == ("open", 3_000)
    for late in (LATER + OBJECT_WITHIN, LATER + WEEK):
        given(*TAKEN).when(objection, at=late).refused(qr.NoAnswerTaken)
    for other in (mei, chair):
        wanted = msgspec.structs.replace(objection, by=other)
        given(*TAKEN).when(wanted, at=LATER).refused(r.NotYourOrder)
    given(*TAKEN).when(qc.ObjectToAnswer(by=li, quote=2), at=LATER).refused(qr.NoAnswerTaken)


def test_a_later_quote_takes_nobodys_objection_away() -> None:
    revised = (*TAKEN, at(LATER, quoted(9_000, 2), actor="wang"))
    objection = qc.ObjectToAnswer(by=li, quote=1)
    state = given(*revised).when(objection, at=LATER + HOUR / 2).after()
    assert (state.quote.number, state.quote.state, state.agreed) == (2, "open", None)
    again = msgspec.structs.replace(SAID, quote=2, said_at=None)
    given(*revised).when(again, at=LATER + HOUR / 2).refused(qr.AnswerTaken)
    no = qc.DeclineQuote(by=li, quote=2)
    declined = given(*revised).when(no, at=LATER + HOUR / 4).after()
    assert declined.taken.quote == 1


def test_a_refusal_that_was_taken_down_is_objected_to_before_work_begins() -> None:
    no = qc.DeclineQuoteFor(by=sun, quote=1, channel="phone")
    declined = given(*OPEN).when(no, at=LATER)
    [event] = declined.events
    history = (*OPEN, at(LATER, event, actor="sun"))
    given(*history).when(c.Start(by=wang), at=LATER).then(started)
    objection = qc.ObjectToAnswer(by=li, quote=1)
    assert given(*history).when(objection, at=LATER).after().quote.state == "open"
    given(*history, started).when(objection, at=LATER).refused(r.WorkBegun)


# -- through the service ---------------------------------------------------------------------------

councillor = Caller(MEI, (Post("committee", "garden"), Post("resident", "garden")))


@pytest.fixture
def desk() -> Iterator[Desk]:
    found = Desk(SERVICE)
    boss_here = (registered(manager.person), granted(manager.person, "manager"))
    found.told("security", community_registered(), *placed(), *boss_here)
    yield found
    found.close()


def put(desk: Desk, order: str, payer: str, by: Caller = dispatcher) -> None:
    lines = [{"kind": "labour", "what": "all of it", "quantity": 1, "unit_fen": 5_000}]
    until = (desk.clock.now() + timedelta(days=7)).isoformat()
    desk.ask(
        "orders", "quote", qs.PutQuote, by, id=order, payer=payer, lines=lines, valid_until=until
    )


def waiting_for(desk: Desk, caller: Caller) -> list[tuple[str, str]]:
    found = desk.ask("queries", "quotes", qs.QuotesAsked, caller)["quotes"]
    return [(one["number"], one["answerer"]) for one in found]


def test_a_quote_waits_for_the_committee_alone_once_there_is_one(desk: Desk) -> None:
    order, second = desk.report(), desk.report()
    put(desk, order, "fund")
    assert waiting_for(desk, manager) == [("R-2026-000001", "manager")]
    desk.told("security", granted(MEI, "committee"))
    put(desk, second, "fund")
    assert waiting_for(desk, manager) == [("R-2026-000001", "manager")]
    both = [("R-2026-000001", "manager"), ("R-2026-000002", "committee")]
    assert sorted(waiting_for(desk, councillor)) == both
    assert desk.ask("queries", "get", o.Get, councillor, id=second)["allowed"] == [
        "accept_quote",
        "decline_quote",
    ]
    desk.does(councillor, qc.AcceptQuote, second, quote=1)
    assert waiting_for(desk, councillor) == both[:1]
    [event] = desk.of("WorkOrderQuoteAccepted")
    assert (event.data["payer"], event.data["answerer"]) == ("fund", "committee")


def test_whoever_puts_a_quote_is_not_the_only_one_to_answer_it(desk: Desk) -> None:
    order = desk.report()
    for payer in ("warranty", "company", "fund"):
        with pytest.raises(qr.NobodyToAnswer):
            put(desk, order, payer, manager)
    assert desk.of("WorkOrderQuoted") == []
    put(desk, order, "owner", manager)
    put(desk, order, "company")
    desk.told("security", registered(SUN), granted(SUN, "manager", buildings=(OTHER_BUILDING,)))
    with pytest.raises(qr.NobodyToAnswer):
        put(desk, order, "company", manager)
    desk.told("security", granted(MEI, "manager"))
    put(desk, order, "company", manager)
    desk.told("security", granted(WANG, "committee"))
    both = Caller(WANG, (Post("dispatcher", "garden"), Post("committee", "garden")))
    with pytest.raises(qr.NobodyToAnswer):
        put(desk, order, "fund", both)
    put(desk, order, "fund", manager)
    assert len(desk.of("WorkOrderQuoted")) == 4


def test_the_committee_sees_the_orders_that_the_fund_is_to_pay_and_no_others(desk: Desk) -> None:
    desk.told("security", granted(MEI, "committee"))
    order = desk.report()
    put(desk, order, "owner")
    with pytest.raises(r.NoSuchOrder):
        desk.ask("queries", "get", o.Get, councillor, id=order)
    put(desk, order, "fund")
    assert desk.ask("queries", "get", o.Get, councillor, id=order)["quote"]["payer"] == "fund"
    with pytest.raises(r.NoSuchOrder):
        desk.ask("comments", "comments", OfOrder, councillor, id=order)
    assert waiting_for(desk, neighbour) == []
    elsewhere = Caller("hill.wu", (Post("committee", "hill"),))
    assert waiting_for(desk, elsewhere) == []
    with pytest.raises(r.NoSuchOrder):
        desk.ask("queries", "get", o.Get, elsewhere, id=order)


def test_a_quote_waits_until_it_is_answered_lapses_or_its_order_ends(desk: Desk) -> None:
    first, second, third = desk.report(), desk.report(), desk.report()
    for order in (first, second, third):
        put(desk, order, "owner")
    assert len(waiting_for(desk, resident)) == 3
    desk.does(resident, c.Cancel, second)
    desk.does(manager, qc.AcceptQuoteFor, first, quote=1, channel="phone")
    assert waiting_for(desk, resident) == [("R-2026-000003", "resident")]
    taken = desk.ask("queries", "get", o.Get, resident, id=first)["taken"]
    assert (taken["quote"], taken["answer"], taken["open"]) == (1, "accepted", True)
    desk.does(resident, qc.ObjectToAnswer, first, quote=1)
    assert len(waiting_for(desk, resident)) == 2
    desk.clock.set(NOON + timedelta(days=8))
    assert waiting_for(desk, resident) == []
