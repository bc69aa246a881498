"""Random lives of an order against a plain model that shares no code with the domain."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from services.workorders.orders.domain import commands as c
from services.workorders.orders.domain.decide import decide
from services.workorders.orders.domain.quotes.values import QuoteLine
from services.workorders.orders.domain.state import evolve
from services.workorders.orders.domain.visits import commands as vc
from services.workorders.orders.domain.visits.values import SeenVisit, Window
from services.workorders.orders.domain.vocabulary import PRIORITIES
from shared.errors import Conflict, Forbidden, Invalid, Refused, Unauthenticated
from shared.testing.scenario import NOON, meta
from tests.unit.workorders.cast import ZONE, command, import_order, machine, put_quote, submit
from tests.unit.workorders.lives.invariants import Beside
from tests.unit.workorders.lives.model import Model
from tests.unit.workorders.lives.people import PEOPLE, TECHNICIANS
from tests.unit.workorders.lives.ways import AFTER_A_CALL, NAMES, PAYERS, WAYS


class Lives(Beside):
    def _do(self, wanted: c.Command) -> None:
        when = meta(self.now, actor=wanted.by.person)
        events = decide(wanted, self.order, when)
        assert len(events) == 1
        self.order = evolve(self.order, events[0], when)
        self.log.append((events[0], when))

    @initialize(
        kind=st.sampled_from(["resident", "resident", "resident", "staff", "open", "closed"])
    )
    def begin(self, kind: str) -> None:
        if kind == "resident":
            self.model = Model("li", resident=True, state="submitted")
            self._do(submit(PEOPLE["mei"]))
        elif kind == "staff":
            self.model = Model("qian", resident=False, state="submitted")
            staff = {"reporter": None, "accepter": "qian", "accepter_kind": "staff"}
            self._do(submit(machine, **staff, occupants=(), channel="alarm"))
        else:
            closed = kind == "closed"
            state = "repaired" if closed else "submitted"
            self.model = Model(None, resident=False, state=state)
            self._do(import_order(closed=closed))

    @precondition(lambda self: self.log)
    @rule(data=st.data(), way=st.sampled_from(WAYS))
    def live(self, data: st.DataObject, way: tuple[str, ...]) -> None:
        self.now += timedelta(hours=data.draw(st.sampled_from([0, 0, 1, 71, 72, 73])))
        names = [name for name in way if any(self._takers(name))]
        if names:
            name = data.draw(st.sampled_from(names))
            self._try(name, data.draw(st.sampled_from(self._takers(name))), data)
        else:
            name = data.draw(st.sampled_from((*NAMES, AFTER_A_CALL)))
            self._try(name, data.draw(st.sampled_from(sorted(PEOPLE))), data)

    def _takers(self, name: str) -> list[str]:
        return [who for who in PEOPLE if self.model.takes(name, who, self.now)]

    def _try(self, name: str, who: str, data: st.DataObject) -> None:
        called = name == AFTER_A_CALL
        wanted: Any = command("reopen" if called else name, PEOPLE[who])
        if called:
            wanted = msgspec.structs.replace(wanted, followed_up=True)
        technician = ""
        if name in ("dispatch", "transfer"):
            others = [each for each in TECHNICIANS if each != self.order.technician]
            technician = data.draw(st.sampled_from(others))
            wanted = msgspec.structs.replace(wanted, technician=technician)
        if name in ("dispatch", "transfer", "grab") and self.order.visit_agreed is not None:
            seen = SeenVisit(window=self.order.visit_agreed)
            wanted = msgspec.structs.replace(wanted, visit=seen)
        if name == "defer":
            wanted = msgspec.structs.replace(wanted, until=self.now + timedelta(hours=72))
        if name == "prioritise":
            others = [each for each in PRIORITIES if each != self.order.priority]
            wanted = msgspec.structs.replace(wanted, priority=data.draw(st.sampled_from(others)))
        if name == "add_sub_order":
            wanted = msgspec.structs.replace(wanted, sub_order=f"part {self.model.parts + 1}")
        if name == "finish_sub_order" and self.model.parts_left:
            wanted = msgspec.structs.replace(wanted, sub_order=self.model.parts_left[0])
        if name == "quote":
            self._quote(who, data)
            return
        if name.endswith(("_visit", "_visits")):
            self._visit(name, who)
            return
        if name.endswith("_quote_answer"):
            taken = self.model.taken["quote"] if self.model.taken else 1
            wanted = msgspec.structs.replace(wanted, quote=taken)
        about = name.endswith(("_quote", "_quote_for"))
        if about:
            number = max(self.model.quotes - data.draw(st.sampled_from([0, 0, 0, 1])), 1)
            wanted = msgspec.structs.replace(wanted, quote=number)
        charge = data.draw(st.integers(0, 10_000)) if name == "repair" else 0
        if name == "repair":
            wanted = msgspec.structs.replace(wanted, charge_fen=charge)
        takes = self.model.takes(name, who, self.now) and self.model.may_charge(charge)
        if about:
            takes = takes and number == self.model.quotes
        if name == "defer":
            takes = takes and not self.model.awaited(self.now, wanted.until)
        if takes:
            self._do(wanted)
            self.model.does(name, who, technician, charge, self.now)
            self.model.goes_on()
            return
        try:
            self._do(wanted)
        except (Forbidden, Refused) as error:
            assert not isinstance(error, (Conflict, Unauthenticated))
            still = self.model.takes(name, who, self.now)
            assert (name in (error.allowed or [])) == still
        else:
            raise AssertionError(f"{who} may not {name} now")

    def _visit(self, name: str, who: str) -> None:
        """Each window is of two hours and begins a day from now."""
        model, by = self.model, PEOPLE[who]
        soon = Window(starts=self.now + timedelta(days=1), ends=self.now + timedelta(hours=26))
        if name == "offer_visits":
            wanted: Any = vc.OfferVisits(by=by, windows=(soon,), zone=ZONE)
        elif name == "move_visit":
            wanted = vc.MoveVisit(by=by, starts=soon.starts, ends=soon.ends, zone=ZONE)
        elif name == "choose_visit":
            wanted = vc.ChooseVisit(by=by, offer=model.offers, window=1, zone=ZONE)
        elif name == "remind_visit":
            wanted = vc.RemindVisit(by=by, starts=model.visit or NOON, zone=ZONE)
        elif name == "cancel_visit":
            wanted = vc.CancelVisit(by=by, zone=ZONE)
        else:
            wanted = vc.MissVisit(by=by, zone=ZONE)
        offered = self.order.visit.windows if self.order.visit else ()
        takes = model.takes(name, who, self.now)
        window = soon
        if name == "move_visit":
            takes = takes and soon.starts != model.visit
        if name == "choose_visit" and takes:
            window = offered[0]
            takes = window.ends > self.now
        if name in ("offer_visits", "choose_visit", "move_visit") and model.put_off is not None:
            takes = takes and window.starts >= model.put_off
        if name == "remind_visit":
            ahead = model.visit is not None and model.visit > self.now
            takes = takes and ahead and not model.told_of_visit
        if not takes:
            with pytest.raises((Forbidden, Refused)):
                self._do(wanted)
            return
        self._do(wanted)
        if name == "offer_visits":
            model.offers, model.offered = model.offers + 1, True
        elif name == "move_visit":
            model.visit, model.told_of_visit = soon.starts, False
        elif name == "choose_visit":
            model.visit, model.offered = offered[0].starts, False
            model.told_of_visit = False
        elif name == "remind_visit":
            model.told_of_visit = True
        else:
            model.visit = None

    def _quote(self, who: str, data: st.DataObject) -> None:
        payer, total = data.draw(st.sampled_from(PAYERS)), data.draw(st.integers(1, 20_000))
        until = self.now + timedelta(hours=data.draw(st.sampled_from([1, 72, 200])))
        line = QuoteLine(kind="labour", what="all of it", quantity=1, unit_fen=total)
        changes = {"payer": payer, "lines": (line,), "valid_until": until}
        wanted = put_quote(PEOPLE[who], **changes)
        fixed = self.model.owed and self.model.agreed and self.model.agreed[0] != payer
        nobody = payer == "owner" and not self.model.resident
        if self.model.takes("quote", who, self.now) and not fixed and not nobody:
            self._do(wanted)
            self.model.quoted(who, payer, total, until)
            return
        with pytest.raises((Forbidden, Refused, Invalid)):
            self._do(wanted)


# without the phase that explains a failure, one is reported in seconds instead of minutes
Lives.TestCase.settings = settings(
    max_examples=150,
    stateful_step_count=40,
    deadline=None,
    report_multiple_bugs=False,
    phases=(Phase.reuse, Phase.generate, Phase.shrink),
)
TestLives = Lives.TestCase
