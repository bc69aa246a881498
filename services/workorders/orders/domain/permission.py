"""Whether a caller may do a command to an order now, by the rows of the lifecycle."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from services.workorders.orders.domain import refusals as r
from services.workorders.orders.domain.commands import (
    Command,
    Grab,
    ImportOrder,
    Reopen,
    Submit,
    SubmitSubOrder,
)
from services.workorders.orders.domain.deferral import DeferralNotOver, NotDeferred
from services.workorders.orders.domain.lifecycle import (
    COMMANDS,
    OWNERSHIPS,
    ROWS,
    Edge,
    Ownership,
    Rule,
)
from services.workorders.orders.domain.quotes import refusals as quotes
from services.workorders.orders.domain.quotes.commands import AboutQuote
from services.workorders.orders.domain.state import Order
from services.workorders.orders.domain.visits import refusals as visits
from services.workorders.orders.domain.visits.values import VisitState
from services.workorders.orders.domain.vocabulary import State
from shared.eventlog.records import community_of
from shared.identity.caller import Caller

_PROGRESS: tuple[State, ...] = ("submitted", "dispatched", "repaired", "accepted", "rated")
_CREATING = ("submit", "import_order", "submit_sub_order")
_NEEDS_ACCEPTER = ("accepter", "resident_accepter", "paying_resident", "for_paying_resident")


def permit(command: Command, state: Order, at: datetime) -> Edge:
    """The row that lets this command pass at the recorded time ``at``.

    Raises ``NoSuchOrder``, ``NotYourRole``, ``NotYourOrder`` or an ``OrderRefused``, found in that
    order, so that who may not touch the order learns nothing of its state.
    """
    by = command.by
    if state.state is None and command.name not in _CREATING:
        raise r.NoSuchOrder(r.NoSuchOrder.text)
    rows = ROWS[command.name]
    roles = roles_at_place(command, state)
    mine = [row for row in rows if row.roles & roles]
    if not mine:
        raise _not_your_role(rows, state, by, at)
    owned = [row for row in mine if _owns(row.ownership, state, by, command)]
    if not owned:
        raise _not_yours(mine, state, by, at)
    here = [row for row in owned if state.state in row.from_states]
    if not here:
        raise refuse(_wrong_state(owned, state), state, by, at)
    now = [row for row in here if state.activity in row.activities]
    if not now:
        raise refuse(_wrong_activity(here, state), state, by, at)
    for row in now:
        if not any(_broken(row, state, by, at)):
            return row
    why = next(_broken(now[0], state, by, at))
    if isinstance(command, AboutQuote) and why in (quotes.QuoteLapsed, quotes.QuoteStillValid):
        why = quotes.why_not(command.quote, state, at)
    raise refuse(why, state, by, at)


def allowed(state: Order, by: Caller, at: datetime) -> list[str]:
    """The commands this caller could do to the order now, in the order of the table."""
    if state.state is None:
        return []
    roles = by.roles(state.community, state.building)
    return [
        name
        for name in COMMANDS
        if name not in _CREATING
        and any(
            row.roles & roles
            and state.state in row.from_states
            and state.activity in row.activities
            and _owns(row.ownership, state, by, None)
            and not any(_broken(row, state, by, at))
            for row in ROWS[name]
        )
    ]


def refuse(why: type[r.OrderRefused], state: Order, by: Caller, at: datetime) -> r.OrderRefused:
    return why(why.text, allowed=allowed(state, by, at))


def refuse_field(
    field: str,
    why: type[r.OrderRefused],
    state: Order,
    by: Caller,
    at: datetime,
    text: str | None = None,
) -> r.OrderRefused:
    """``text``: what is said in place of the refusal's own words."""
    said = text or why.text
    return why(said, fields={field: [said]}, allowed=allowed(state, by, at))


def roles_at_place(command: Command, state: Order) -> frozenset[str]:
    """The roles the caller holds where the order is, or where it is about to be."""
    if state.state is None and isinstance(command, (Submit, SubmitSubOrder, ImportOrder)):
        return command.by.roles(community_of(command.id), command.building)
    return command.by.roles(state.community, state.building)


def _owns(ownership: Ownership, state: Order, by: Caller, command: Command | None) -> bool:
    person = by.person
    match ownership:
        case "anyone":
            return True
        case "household":
            return isinstance(command, Submit) and _household(command)
        case "in_pool":
            return isinstance(command, Grab) and command.in_pool
        case "assigned":
            return person == state.technician
        case "part":
            return state.parent is not None
        case "accepter":
            return person == state.accepter and not _after_a_follow_up(command)
        case "resident_accepter":
            return person == state.accepter and state.accepter_kind == "resident"
        case "reporter_or_accepter":
            return person in (state.reporter, state.accepter)
        case "stand_in":
            unanswered = state.check_due or state.accepter in state.repairers
            return person != state.accepter and unanswered
        case "follow_up":
            return _after_a_follow_up(command)
        case "paying_resident":
            pays = state.quote is None or state.quote.payer == "owner"
            return pays and person == state.accepter and state.accepter_kind == "resident"
        case "paying_fund":
            return state.quote is None or state.quote.payer == "fund"
        case "paying_company":
            return state.quote is None or state.quote.answered_by == "manager"
        case "for_paying_resident":
            pays = state.quote is None or state.quote.payer == "owner"
            return pays and state.accepter_kind == "resident"
        case "answered_for":
            # where none was taken, its accepter learns that
            taken = state.taken
            return person == (state.accepter if taken is None else taken.said_by)


def _after_a_follow_up(command: Command | None) -> bool:
    return isinstance(command, Reopen) and command.followed_up


def _household(command: Submit) -> bool:
    person = command.by.person
    return (
        person in command.occupants
        and command.reporter in (None, person)
        and command.accepter_kind == "resident"
        and command.accepter in command.occupants
    )


_RULES: dict[Rule, tuple[Callable[[Order, Caller, datetime], bool], type[r.OrderRefused]]] = {
    "not_own_work": (lambda state, by, _: by.person not in state.repairers, r.OwnWork),
    "accepted_by_resident": (lambda state, _, __: not state.checked, r.CheckedByStaff),
    "within_window": (
        lambda state, _, at: (
            state.accepted_at is not None
            and at - state.accepted_at <= state.aftercare.reopen_within
        ),
        r.WindowClosed,
    ),
    "has_accepter": (lambda state, _, __: state.accepter is not None, r.NoAccepter),
    "once_a_repair": (lambda state, _, __: not state.reminded, r.AlreadyReminded),
    "reminded_in_vain": (lambda state, _, __: state.reminded, r.NotReminded),
    "one_check_a_repair": (lambda state, _, __: not state.check_due, r.CheckRequested),
    "no_sub_order": (lambda state, _, __: state.parent is None, r.IsSubOrder),
    "sub_orders_finished": (lambda state, _, __: not state.open_sub_orders, r.SubOrdersOpen),
    "no_part": (lambda state, _, __: state.parent is None, r.ChargedWithParent),
    "has_open_part": (lambda state, _, __: bool(state.open_sub_orders), r.NoOpenSubOrder),
    "is_merged": (lambda state, _, __: state.merged is not None, r.NotMerged),
    "chargeable": (lambda state, _, __: state.kind != "complaint", r.ComplaintsAreFree),
    "quote_answered": (lambda state, _, at: not _quote_is(state, at), quotes.QuoteUnanswered),
    "quote_open": (lambda state, _, at: _quote_is(state, at), quotes.QuoteLapsed),
    "quote_expired": (
        lambda state, _, at: (
            state.quote is not None
            and state.quote.state == "open"
            and state.quote.standing(at) == "lapsed"
        ),
        quotes.QuoteStillValid,
    ),
    "not_own_quote": (
        lambda state, by, _: state.quote is None or by.person != state.quote.by,
        quotes.OwnQuote,
    ),
    "not_its_technician": (lambda state, by, _: by.person != state.technician, quotes.OwnOrder),
    "not_the_payer": (lambda state, by, _: by.person != state.accepter, quotes.OwnAnswer),
    "no_answer_taken": (lambda state, _, at: not _answer_open(state, at), quotes.AnswerTaken),
    "answer_taken": (
        lambda state, _, at: _answer_open(state, at),
        quotes.NoAnswerTaken,
    ),
    "answer_settled": (
        lambda state, _, at: (
            not _answer_open(state, at)
            or (state.taken is not None and state.taken.answer == "declined")
        ),
        quotes.AnswerTaken,
    ),
    "visit_offered": (lambda state, _, __: _visit_is(state, "offered"), visits.NoVisitOffered),
    "visit_agreed": (lambda state, _, __: _visit_is(state, "agreed"), visits.NoVisitAgreed),
    "no_visit_agreed": (lambda state, _, __: not _visit_is(state, "agreed"), visits.VisitAgreed),
    "visit_begun": (lambda state, _, at: _visit_begun(state, at), visits.VisitNotBegun),
    "visit_not_begun": (lambda state, _, at: not _visit_begun(state, at), visits.VisitBegun),
    "deferral_over": (
        lambda state, _, at: state.deferred_until is not None and state.deferred_until <= at,
        DeferralNotOver,
    ),
    "is_deferred": (lambda state, _, __: state.deferred_until is not None, NotDeferred),
    "not_paused": (
        lambda state, _, __: state.activity != "paused" or state.deferred_until is not None,
        r.OrderPaused,
    ),
}


def _visit_is(state: Order, how: VisitState) -> bool:
    return state.visit is not None and state.visit.state == how


def _visit_begun(state: Order, at: datetime) -> bool:
    visit = state.visit
    return visit is not None and visit.window is not None and visit.window.starts <= at


def _quote_is(state: Order, at: datetime) -> bool:
    """Whether a quote waits for its answer."""
    return state.quote is not None and state.quote.standing(at) == "open"


def _answer_open(state: Order, at: datetime) -> bool:
    """Whether the resident may still object to an answer that staff took down."""
    return state.taken is not None and at < state.taken.until


def _broken(row: Edge, state: Order, by: Caller, at: datetime) -> Iterator[type[r.OrderRefused]]:
    for rule in row.rules:
        holds, refusal = _RULES[rule]
        if not holds(state, by, at):
            yield refusal


def _not_your_role(rows: Sequence[Edge], state: Order, by: Caller, at: datetime) -> r.NotYourRole:
    wanted = sorted(frozenset[str]().union(*(row.roles for row in rows)))
    return r.NotYourRole(
        f"None of your posts at this place may {rows[0].command} an order; it takes one of: "
        f"{', '.join(wanted)}.",
        allowed=allowed(state, by, at),
    )


def _not_yours(
    rows: Sequence[Edge], state: Order, by: Caller, at: datetime
) -> r.NotYourOrder | r.OrderRefused:
    if state.accepter is None and any(row.ownership in _NEEDS_ACCEPTER for row in rows):
        return refuse(r.NoAccepter, state, by, at)
    whose = " or ".join(dict.fromkeys(OWNERSHIPS[row.ownership] for row in rows))
    return r.NotYourOrder(
        f"You may not {rows[0].command} this order; that is for: {whose}.",
        allowed=allowed(state, by, at),
    )


def _wrong_state(rows: Sequence[Edge], order: Order) -> type[r.OrderRefused]:
    state = order.state
    starts = {start for row in rows for start in row.from_states}
    if state is None or None in starts:
        return r.OrderExists
    if order.merged is not None:
        return r.OrderMerged
    if any("is_merged" in row.rules for row in rows):
        return r.NotMerged
    if state not in _PROGRESS:
        return r.ALREADY[state]
    earliest = next((step for step in _PROGRESS if step in starts), None)
    if earliest is None:
        return r.NotDeclined
    late = _PROGRESS.index(state) > _PROGRESS.index(earliest)
    return r.ALREADY[state] if late else r.NOT_YET[earliest]


def _wrong_activity(rows: Sequence[Edge], state: Order) -> type[r.OrderRefused]:
    if state.activity == "paused":
        return r.OrderPaused
    wants_pause = all(row.activities == ("paused",) for row in rows)
    return r.NotPaused if wants_pause else r.WorkBegun
