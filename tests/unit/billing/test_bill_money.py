"""Whatever is done to a bill: no fen appears or goes, and the row says what the bill says."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.billing.bills.domain import bill as b
from services.billing.bills.domain import events as e
from services.billing.bills.views.bills.projection import BILLS
from shared.errors import WuyeError
from shared.identity.caller import Caller, Post
from shared.testing.scenario import NOON, meta
from tests.support.order_facts import LI, ORDER, fact, ident

BILL = ident("bill")
acc = Caller("acc", (Post("accountant", "*"),))
steps = st.lists(
    st.one_of(
        st.integers(-2, 400).map(
            lambda amount: b.Pay(by=acc, amount_fen=amount, method="cash", receipt=None)
        ),
        st.just(b.Void(by=acc, reason="x")),
    ),
    max_size=12,
)


@settings(max_examples=200, deadline=None)
@given(amount=st.integers(1, 500), commands=steps)
def test_money_is_conserved(amount: int, commands: list[Any]) -> None:
    raising = b.Raise(
        id=BILL,
        number="B-2026-000001",
        order=ORDER,
        order_number="R-2026-000001",
        payer=LI,
        category="plumbing",
        building=None,
        unit=None,
        amount_fen=amount,
        accepted_at=NOON,
    )
    state, row, log = b.Bill(), None, []
    for command in (raising, *commands):
        try:
            events = b.decide(command, state, meta(actor="acc"))
        except WuyeError:
            continue
        for event in events:
            log.append(event)
            state = b.evolve(state, event, meta(actor="acc"))
            told = fact(event, stream=BILL, log="billing", actor="acc", version=len(log))
            row = BILLS.evolve(row, told)
        check(state, row, amount, log)


def check(state: b.Bill, row: Any, amount: int, log: list[Any]) -> None:
    paid = sum(event.amount_fen for event in log if isinstance(event, e.BillPaid))
    voided = sum(event.amount_fen for event in log if isinstance(event, e.BillVoided))
    assert paid + voided + state.outstanding_fen == amount
    assert state.outstanding_fen >= 0 and paid >= 0 and voided >= 0
    assert (state.state == "open") == (state.outstanding_fen > 0)
    assert (state.state == "settled") == (state.outstanding_fen == 0 and paid > 0)
    assert sum(isinstance(event, e.BillSettled) for event in log) == (state.state == "settled")
    last_paid = [event for event in log if isinstance(event, e.BillPaid)][-1:]
    assert all(event.outstanding_fen == amount - paid for event in last_paid)
    assert (row.state, row.paid_fen, row.voided_fen) == (state.state, paid, voided)
    assert row.outstanding_fen == state.outstanding_fen
    assert sum(payment.amount_fen for payment in row.payments) == paid
    assert row.version == len(log)
