"""Random lives of an order against a plain model that shares no code with the domain."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.workorders.orders.domain import commands as c
from services.workorders.orders.domain import events as e
from services.workorders.orders.domain.decide import decide
from services.workorders.orders.domain.permission import allowed
from services.workorders.orders.domain.quotes import events as q
from services.workorders.orders.domain.quotes.values import QuoteLine
from services.workorders.orders.domain.state import Order, evolve
from services.workorders.orders.domain.visits import commands as vc
from services.workorders.orders.domain.visits.values import SeenVisit, Window
from services.workorders.orders.domain.vocabulary import PRIORITIES
from shared.errors import Conflict, Forbidden, Invalid, Refused, Unauthenticated
from shared.eventlog.records import Meta
from shared.testing.scenario import NOON, meta
from tests.unit.workorders.cast import (
    ZONE,
    command,
    import_order,
    machine,
    person,
    put_quote,
    submit,
)

# li lives there and repairs too, qian supervises and repairs too: both may meet their own work
PEOPLE = {
    caller.person: caller
    for caller in (
        person("li", "resident", "technician"),
        person("mei", "resident"),
        person("wang", "technician"),
        person("qian", "supervisor", "technician"),
        person("boss", "manager"),
        person("sun", "dispatcher"),
        person("guard", "guard"),
        person("clerk", "accountant"),
        machine,
    )
}
TECHNICIANS = ("li", "wang", "qian")
DISPATCHERS = ("qian", "boss", "sun")
CHECKERS = ("qian", "boss")
SERVICE = machine.person
NAMES = tuple(
    cls.name
    for cls in c.Command.__subclasses__()
    if cls.name not in ("submit", "submit_sub_order", "import_order")
)

# said by the application alone: somebody asked the accepter, who is not satisfied
AFTER_A_CALL = "reopen after a call"

# mostly onwards, at times astray, now and then whatever is refused
ONWARDS = ("dispatch", "repair", "accept", "rate", "answer_rating", "reject", "reopen", "appeal")
TIED = ("merge", "unmerge", "add_sub_order", "finish_sub_order", "repair")
# nobody answers, so staff check
SILENT = ("dispatch", "repair", "remind", "request_check")
CALLED = ("dispatch", "repair", "accept", AFTER_A_CALL)
PUT_OFF = ("dispatch", "start", "defer", "resume", "defer", "quote")
AGREED_TO = ("offer_visits", "choose_visit", "choose_visit", "cancel_visit", "defer", "resume")
VISITING = (
    *("dispatch", "offer_visits", "choose_visit", "move_visit", "cancel_visit"),
    *("miss_visit", "start"),
)
SPOKEN = ("quote", "accept_quote_for", "object_to_quote_answer", "confirm_quote_answer", "start")
QUOTING = ("dispatch", "quote", "accept_quote", "start", "repair", "reject", "reopen")
WAYS = (
    *(ONWARDS, ONWARDS, QUOTING, QUOTING, SPOKEN, VISITING, PUT_OFF, AGREED_TO, AGREED_TO),
    *(TIED, SILENT, CALLED),
    *(NAMES, ()),
)
PAYERS = ("owner", "owner", "warranty", "fund", "company")


class Model:
    """What a reader of the issue would expect, written down a second time."""

    def __init__(self, accepter: str | None, *, resident: bool, state: str) -> None:
        self.reporter = "mei" if resident else None
        self.accepter = accepter
        self.resident = resident
        self.state = state
        self.doing = ""
        self.before_pause = ""
        self.technician: str | None = None
        self.repaired_by: set[str] = set()
        self.owed = 0
        self.accepted_at = NOON
        self.checked = False
        self.reminded = False
        self.silent = False
        self.answered = False
        # what was going on when it was merged into another
        self.before_merge: tuple[str, str, str | None] | None = None
        self.parts = 0
        self.parts_left: list[str] = []
        # of the last quote
        self.quotes = 0
        self.offer: dict[str, Any] | None = None
        self.put_off: datetime | None = None
        # when, of the visit agreed; how many offers there were, and whether one is open
        self.visit: datetime | None = None
        self.told_of_visit = False
        self.offers, self.offered = 0, False
        # who pays how much at most
        self.agreed: tuple[str, int] | None = None
        # what staff took down that the resident said
        self.taken: dict[str, Any] | None = None

    def answerable(self, now: datetime) -> bool:
        return self.offer is not None and self.offer["open"] and now < self.offer["until"]

    def may_answer(self, who: str) -> bool:
        if self.offer is None:
            return False
        if self.offer["payer"] == "owner":
            return self.resident and who == self.accepter
        return who == "boss" and self.offer["by"] != who

    def may_object(self, now: datetime) -> bool:
        return self.taken is not None and now < self.taken["until"]

    def awaited(self, now: datetime, until: datetime) -> bool:
        """Whether somebody waits for a visit before then."""
        return self.visit is not None and now - timedelta(hours=2) < self.visit < until

    def unsure(self, now: datetime) -> bool:
        return self.taken is not None and self.may_object(now) and self.taken["yes"]

    def may_charge(self, fen: int) -> bool:
        return not fen or (self.agreed is not None and self.owed + fen <= self.agreed[1])

    def takes(self, name: str, who: str, now: datetime) -> bool:
        mine = self.technician == who and who in TECHNICIANS
        leads = who in DISPATCHERS
        accepts = self.accepter == who
        reported = self.reporter == who
        did_it = who in self.repaired_by
        away = self.silent or self.accepter in self.repaired_by
        stands_in = who in CHECKERS and away and not accepts
        sent = self.state == "dispatched"
        going = self.state in ("submitted", "dispatched")
        held = self.answerable(now)
        match name:
            case "dispatch":
                free = self.state == "submitted" and self.doing == ""
                return free and (leads or who == SERVICE)
            case "prioritise":
                return self.state in ("submitted", "dispatched") and leads
            case "grab":
                return self.state == "submitted" and self.doing == "" and who in TECHNICIANS
            case "start":
                return sent and mine and self.doing == "" and not held and not self.unsure(now)
            case "pause":
                return sent and (mine or leads) and self.doing != "paused"
            case "resume":
                over = self.put_off is not None and self.put_off <= now
                theirs = (accepts or reported) and self.put_off is not None
                staff = leads or (sent and mine) or (who == SERVICE and over)
                return going and self.doing == "paused" and (staff or theirs)
            case "defer":
                can_wait = self.doing == "" or self.put_off is not None
                theirs = (accepts or reported) and can_wait
                return going and (leads or (sent and mine) or theirs)
            case "hand_back":
                return sent and mine
            case "transfer":
                return sent and (mine or leads)
            case "repair":
                free = not held and not self.parts_left and not self.unsure(now)
                return sent and mine and self.doing != "paused" and free
            case "accept":
                return self.state == "repaired" and (accepts or stands_in) and not did_it
            case "reject":
                return self.state == "repaired" and (accepts or (stands_in and not did_it))
            case "decline" | "merge":
                is_open = self.state in ("submitted", "dispatched")
                return is_open and leads and not self.parts_left
            case "add_sub_order":
                return self.state in ("submitted", "dispatched") and leads
            case "finish_sub_order":
                return who == SERVICE and bool(self.parts_left)
            case "unmerge":
                return self.before_merge is not None and (leads or who == SERVICE)
            case "appeal":
                return self.state == "declined" and (accepts or reported)
            case "rate":
                return self.state == "accepted" and accepts and self.resident and not self.checked
            case "answer_rating":
                return self.state == "rated" and leads and not did_it
            case "cancel":
                idle = self.state == "submitted" or (sent and self.doing == "")
                return idle and (accepts or reported) and not self.parts_left
            case "reopen":
                fresh = now - self.accepted_at <= timedelta(hours=72)
                return self.state in ("accepted", "rated") and accepts and fresh
            case "reopen after a call":
                fresh = now - self.accepted_at <= timedelta(hours=72)
                return self.state in ("accepted", "rated") and leads and not did_it and fresh
            case "remind":
                waits = self.state == "repaired" and self.accepter is not None
                return waits and who == SERVICE and not self.reminded
            case "request_check":
                waits = self.state == "repaired" and self.accepter is not None
                return waits and who == SERVICE and self.reminded and not self.silent
            case "offer_visits":
                mine_to_say = leads or (sent and mine)
                return going and mine_to_say and self.doing != "working" and not self.visit
            case "choose_visit":
                anyone = leads or (sent and mine) or accepts or reported
                return going and anyone and self.doing != "working" and self.offered
            case "move_visit":
                anyone = leads or (sent and mine) or accepts or reported
                return going and anyone and self.doing != "working" and self.visit is not None
            case "cancel_visit":
                anyone = leads or (sent and mine) or accepts or reported
                ahead = self.visit is not None and self.visit > now
                return going and anyone and self.doing != "working" and ahead
            case "miss_visit":
                begun = self.visit is not None and self.visit <= now
                return sent and mine and self.doing != "working" and begun
            case "remind_visit":
                agreed = self.visit is not None
                return going and who == SERVICE and self.doing != "working" and agreed
            case "quote":
                return going and (leads or (sent and mine))
            case "withdraw_quote":
                return going and (leads or (sent and mine)) and held
            case "accept_quote" | "decline_quote":
                return going and held and self.may_answer(who)
            case "accept_quote_for" | "decline_quote_for":
                owner = self.offer is not None and self.offer["payer"] == "owner"
                apart = owner and self.offer["by"] != who != self.technician  # type: ignore[index]
                asked = self.resident and apart and not accepts and not self.may_object(now)
                return going and held and leads and asked
            case "confirm_quote_answer":
                return going and accepts and self.resident and self.may_object(now)
            case "object_to_quote_answer":
                said = accepts and self.resident and self.may_object(now)
                return going and said and self.doing != "working"
            case "lapse_quote":
                waiting = self.offer is not None and self.offer["open"]
                return going and who == SERVICE and waiting and not held
        raise AssertionError(name)

    def does(self, name: str, who: str, technician: str, charge: int, now: datetime) -> None:
        match name:
            case "dispatch" | "transfer":
                self.state, self.doing, self.technician = "dispatched", "", technician
            case "grab":
                self.state, self.doing, self.technician = "dispatched", "", who
            case "start":
                self.doing = "working"
                self.visit, self.offered = None, False
            case "pause":
                self.before_pause, self.doing = self.doing, "paused"
            case "resume":
                self.doing = self.before_pause
            case "defer":
                self.before_pause, self.doing = "", "paused"
                self.put_off = now + timedelta(hours=72)
            case "hand_back" | "appeal":
                self.state, self.doing, self.technician = "submitted", "", None
                self.before_merge = None
            case "add_sub_order":
                self.parts += 1
                self.parts_left.append(f"part {self.parts}")
            case "finish_sub_order":
                self.parts_left.pop(0)
                self.repaired_by.add("chen")
            case "merge":
                self.before_merge = self.state, self.doing, self.technician
                self.state, self.doing, self.technician = "declined", "", None
            case "unmerge":
                assert self.before_merge is not None
                self.state, self.doing, self.technician = self.before_merge
                self.before_merge = None
            case "repair":
                self.state, self.doing = "repaired", ""
                self.visit, self.offered = None, False
                self.reminded = self.silent = False
                self.repaired_by.add(who)
                self.owed += charge
            case "accept":
                self.silent = False
                self.agreed = self.taken = None
                self.state, self.owed, self.accepted_at = "accepted", 0, now
                self.checked = not (self.resident and who == self.accepter)
            case "reject" | "reopen" | "reopen after a call":
                self.state, self.doing, self.silent = "dispatched", "", False
            case "decline" | "cancel":
                self.doing, self.technician = "", None
                self.state = "declined" if name == "decline" else "cancelled"
                self.visit, self.offered, self.offers = None, False, 0
                if self.offer is not None:
                    self.offer["open"] = False
            case "rate":
                self.state, self.answered = "rated", False
            case "answer_rating":
                self.answered = True
            case "remind":
                self.reminded = True
            case "request_check":
                self.silent = True
            case "accept_quote" | "accept_quote_for":
                assert self.offer is not None
                self._taken(name, now)
                self.agreed = self.offer["payer"], self.offer["total"]
                self.offer["open"] = False
            case "decline_quote_for":
                assert self.offer is not None
                self._taken(name, now)
                self.offer["open"] = False
            case "confirm_quote_answer":
                self.taken = None
            case "object_to_quote_answer":
                assert self.taken is not None and self.offer is not None
                if self.taken["quote"] == self.quotes:
                    self.offer["open"] = True
                if self.taken["yes"]:
                    self.agreed = self.taken["before"]
                self.taken = None
            case "decline_quote" | "withdraw_quote" | "lapse_quote":
                assert self.offer is not None
                self.offer["open"] = False

    def _taken(self, name: str, now: datetime) -> None:
        yes, until = name == "accept_quote_for", now + timedelta(hours=1)
        said = {"quote": self.quotes, "yes": yes, "until": until, "before": self.agreed}
        self.taken = said if name.endswith("_for") else None

    def goes_on(self) -> None:
        if self.doing != "paused" and self.before_merge is None:
            self.put_off = None

    def quoted(self, who: str, payer: str, total: int, until: datetime) -> None:
        self.quotes += 1
        self.offer = {"payer": payer, "total": total, "until": until, "by": who, "open": True}
        if self.doing == "working":
            self.doing = ""
        self.before_pause = ""


class Lives(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.now = NOON
        self.order = Order()
        self.log: list[tuple[e.OrderEvent, Meta]] = []

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


# without the phase that explains a failure, one is reported in seconds instead of minutes
Lives.TestCase.settings = settings(
    max_examples=150,
    stateful_step_count=40,
    deadline=None,
    report_multiple_bugs=False,
    phases=(Phase.reuse, Phase.generate, Phase.shrink),
)
TestLives = Lives.TestCase
