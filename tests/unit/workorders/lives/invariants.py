"""An order beside its model: what holds after each step of a life, whatever happened in it."""

from __future__ import annotations

import msgspec
from hypothesis.stateful import RuleBasedStateMachine, invariant

from services.workorders.orders.domain import events as e
from services.workorders.orders.domain.permission import allowed
from services.workorders.orders.domain.quotes import events as q
from services.workorders.orders.domain.state import Order, evolve
from shared.eventlog.records import Meta
from shared.testing.scenario import NOON
from tests.unit.workorders.lives.model import Model
from tests.unit.workorders.lives.people import PEOPLE
from tests.unit.workorders.lives.ways import NAMES


class Beside(RuleBasedStateMachine):
    """``log``: what happened, each event with when and by whom."""

    model: Model

    def __init__(self) -> None:
        super().__init__()
        self.now = NOON
        self.order = Order()
        self.log: list[tuple[e.OrderEvent, Meta]] = []

    @invariant()
    def the_order_is_as_the_model_has_it(self) -> None:
        if not self.log:
            return
        order, model = self.order, self.model
        assert order.state == model.state
        assert order.activity == (model.doing or "waiting")
        assert order.deferred_until == model.put_off
        assert order.technician == model.technician
        assert order.charge_fen == model.owed
        agreed_for = order.visit and order.visit.state == "agreed" and order.visit.window
        assert (agreed_for.starts if agreed_for else None) == model.visit
        agreed = order.agreed
        assert (agreed and (agreed.payer, agreed.total_fen)) == model.agreed
        assert set(order.repairers) == model.repaired_by
        assert list(order.open_sub_orders) == model.parts_left
        assert len(order.sub_orders) == model.parts
        assert order.check_due == model.silent
        assert order.rating_answered == model.answered
        assert (order.taken and order.taken.until) == (model.taken and model.taken["until"])

    @invariant()
    def nothing_ends_with_parts_left(self) -> None:
        if self.order.open_sub_orders:
            assert self.order.state in ("submitted", "dispatched")

    @invariant()
    def what_is_allowed_is_what_is_taken(self) -> None:
        if not self.log:
            return
        for who, caller in PEOPLE.items():
            takes = {name for name in NAMES if self.model.takes(name, who, self.now)}
            takes.discard("grab")  # what may be grabbed is known to the pool alone
            assert set(allowed(self.order, caller, self.now)) == takes

    @invariant()
    def folding_again_gives_the_same(self) -> None:
        state = Order()
        for event, when in self.log:
            state = evolve(state, event, when)
        assert state == self.order
        assert msgspec.json.decode(msgspec.json.encode(state), type=Order) == state

    @invariant()
    def nobody_judges_their_own_work(self) -> None:
        repairers: set[str] = set()
        for event, when in self.log:
            if isinstance(event, e.WorkOrderRepaired):
                repairers.add(when.actor)
            if isinstance(event, (e.WorkOrderAccepted, e.WorkOrderRated)):
                assert when.actor not in repairers

    @invariant()
    def only_residents_rate_and_only_what_they_accepted(self) -> None:
        last: e.OrderEvent | None = None
        for event, when in self.log:
            if isinstance(event, e.WorkOrderRated):
                assert isinstance(last, e.WorkOrderAccepted)
                assert not last.checked
                assert when.actor == event.accepter == "li"
            last = event

    @invariant()
    def staff_check_only_after_a_reminder_in_vain_or_where_the_accepter_repaired(self) -> None:
        repairers: set[str] = set()
        silent = False
        for event, when in self.log:
            if isinstance(event, e.WorkOrderRepaired):
                repairers.add(when.actor)
                silent = False
            elif isinstance(event, e.WorkOrderCheckRequested):
                silent = True
            elif isinstance(event, e.WorkOrderAccepted) and when.actor != event.accepter:
                assert event.checked
                assert silent or event.accepter in repairers

    @invariant()
    def every_fen_is_accepted_once(self) -> None:
        repaired = sum(x.charge_fen for x, _ in self.log if isinstance(x, e.WorkOrderRepaired))
        accepted = sum(x.charge_fen for x, _ in self.log if isinstance(x, e.WorkOrderAccepted))
        assert accepted + self.order.charge_fen == repaired

    @invariant()
    def nothing_is_charged_that_its_payer_did_not_agree_to(self) -> None:
        """From the log alone: each acceptance finds a quote accepted before by whoever pays."""
        most, payer = 0, ""
        for event, when in self.log:
            if isinstance(event, q.WorkOrderQuoteAccepted):
                by = event.said_by or when.actor
                assert (by == event.accepter) == (event.payer == "owner")
                most, payer = event.total_fen, event.payer
            if isinstance(event, e.WorkOrderAccepted):
                assert event.charge_fen <= most
                assert not event.charge_fen or event.payer == payer
                most = 0

    @invariant()
    def events_carry_the_places_they_were_decided_with(self) -> None:
        for event, _ in self.log:
            assert event.number == self.order.number
            assert event.building == self.order.building
            assert event.accepter == self.order.accepter
