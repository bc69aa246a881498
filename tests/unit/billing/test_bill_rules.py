"""What may be done to a bill, by whom, and what comes of it."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from services.billing.bills.domain import bill as b
from services.billing.bills.domain import events as e
from services.billing.permissions import TABLE
from shared.errors import Invalid
from shared.identity.caller import Caller, Post
from shared.testing import scenario
from shared.testing.scenario import NOON

ID = "garden.00000000-0000-4000-8000-000000000001"
KEYS: dict[str, Any] = {
    "number": "B-2026-000001",
    "order": "garden.00000000-0000-4000-8000-000000000002",
    "order_number": "R-2026-000001",
    "payer": "li",
    "category": "plumbing",
    "building": "b1",
    "unit": "u1",
}
given = partial(scenario.given, b.BILL)


def person(name: str, *roles: str, buildings: tuple[str, ...] | None = None) -> Caller:
    return Caller(name, tuple(Post(role, "garden", buildings) for role in roles))


li, mei = person("li", "resident"), person("mei", "resident")
acc, boss = person("acc", "accountant"), person("boss", "manager")
machine = Caller("service:gateway", (Post("service", "*"),))

raise_it = b.Raise(**KEYS, id=ID, amount_fen=1000, accepted_at=NOON)
raised = e.BillRaised(**KEYS, id=ID, amount_fen=1000, accepted_at=NOON)


def pay(amount: int, by: Caller = li, **more: Any) -> b.Pay:
    return b.Pay(by=by, amount_fen=amount, method=more.pop("method", "wechat"), **more)


def paid(amount: int, left: int, **more: Any) -> e.BillPaid:
    own = {"method": "wechat", "receipt": None, **more}
    return e.BillPaid(**KEYS, amount_fen=amount, outstanding_fen=left, **own)


def settled(amount: int) -> e.BillSettled:
    return e.BillSettled(**KEYS, paid_fen=amount)


def voided(amount: int) -> e.BillVoided:
    return e.BillVoided(**KEYS, amount_fen=amount, reason="wrong")


def void(by: Caller = acc, reason: str = "wrong") -> b.Void:
    return b.Void(by=by, reason=reason)


def test_a_bill_is_raised_once() -> None:
    state = given().when(raise_it).then(raised)
    assert (state.state, state.outstanding_fen) == ("open", 1000)
    given(raised).when(raise_it).refused(b.BillExists)


def test_a_payment_of_all_settles_it() -> None:
    state = (
        given(raised)
        .when(pay(1000, receipt="W-1"))
        .then(paid(1000, 0, receipt="W-1"), settled(1000))
    )
    assert (state.state, state.outstanding_fen) == ("settled", 0)


def test_payments_add_up_until_it_is_settled() -> None:
    state = given(raised).when(pay(400)).then(paid(400, 600))
    assert (state.state, state.outstanding_fen) == ("open", 600)
    given(raised, paid(400, 600)).when(pay(599, by=acc)).then(paid(599, 1))
    given(raised, paid(400, 600)).when(pay(600)).then(paid(600, 0), settled(1000))


@pytest.mark.parametrize("amount", [1001, 10**9])
def test_nobody_pays_more_than_is_owed(amount: int) -> None:
    given(raised).when(pay(amount)).refused(
        b.MoreThanOutstanding, fields=["amount_fen"], allowed=["pay"]
    )
    given(raised, paid(400, 600)).when(pay(601, by=acc)).refused(
        b.MoreThanOutstanding, fields=["amount_fen"], allowed=["pay", "void"]
    )


@pytest.mark.parametrize("amount", [0, -1, True, 1.0, b.MAX_FEN + 1])
def test_an_amount_is_a_whole_number_of_fen_above_nothing(amount: Any) -> None:
    given(raised).when(pay(amount)).refused(Invalid, fields=["amount_fen"])
    unpayable = b.Raise(**KEYS, id=ID, amount_fen=amount, accepted_at=NOON)
    given().when(unpayable).refused(Invalid, fields=["amount_fen"])


def test_the_method_is_one_of_five() -> None:
    given(raised).when(pay(1, method="barter")).refused(Invalid, fields=["method"])
    for method in e.METHODS:
        given(raised).when(pay(1, method=method)).then(paid(1, 999, method=method))


def test_voiding_takes_away_what_is_unpaid_and_nothing_else() -> None:
    state = given(raised).when(void()).then(voided(1000))
    assert (state.state, state.outstanding_fen) == ("voided", 0)
    state = given(raised, paid(400, 600)).when(void(boss)).then(voided(600), settled(400))
    assert (state.state, state.paid_fen, state.voided_fen) == ("settled", 400, 600)


def test_voiding_takes_a_reason() -> None:
    given(raised).when(void(reason=" \n")).refused(Invalid, fields=["reason"])


def test_what_is_done_is_done() -> None:
    over = (raised, paid(1000, 0), settled(1000))
    for command in (pay(1), void()):
        given(*over).when(command).refused(b.AlreadySettled, allowed=[])
        given(raised, voided(1000)).when(command).refused(b.AlreadyVoided, allowed=[])
        given().when(command).refused(b.NoSuchBill)


@pytest.mark.parametrize(
    ("by", "allowed"),
    [
        (li, ["pay"]),
        (acc, ["pay", "void"]),
        (boss, ["void"]),
        (machine, ["pay"]),
        (mei, []),
        (person("guard", "guard"), []),
        (person("aud", "auditor"), []),
        (person("else", "accountant", buildings=("b2",)), []),
        (person("here", "accountant", buildings=("b1",)), ["pay", "void"]),
        (Caller("far", (Post("accountant", "river"),)), []),
    ],
)
def test_who_may_do_what(by: Caller, allowed: list[str]) -> None:
    for command in (pay(1, by=by), void(by)):
        outcome = given(raised).when(command)
        if command.name in allowed:
            outcome.after()
        else:
            outcome.refused(b.NotYourBill, allowed=allowed)


def test_the_refusal_says_who_may() -> None:
    error = given(raised).when(void(li)).refused(b.NotYourBill)
    assert all(role in error.message for role in TABLE["void"].roles)


def test_bookkeepers_may_say_when_the_money_came() -> None:
    yesterday = NOON - timedelta(days=1)
    for by in (acc, machine):
        given(raised).when(pay(1, by=by), occurred_at=yesterday).then(paid(1, 999))
    for by in (li, person("li", "resident", "manager")):
        command = pay(1, by=by)
        given(raised).when(command, occurred_at=yesterday).refused(Invalid, fields=["occurred_at"])
    for wrong in (NOON + timedelta(minutes=6), NOON - timedelta(days=32)):
        given(raised).when(pay(1, by=acc), occurred_at=wrong).refused(
            Invalid, fields=["occurred_at"]
        )
