"""The lifecycle of a work order, in one table.

``permission`` checks every command against these rows, ``decide`` makes the event a row names,
``evolve`` moves to the state it names, and the documentation prints them: no second place knows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from services.workorders.orders.domain import events as e
from services.workorders.orders.domain.deferral import WorkOrderDeferred
from services.workorders.orders.domain.quotes import events as q
from services.workorders.orders.domain.visits import events as v
from services.workorders.orders.domain.vocabulary import (
    ACTIVITIES,
    CHECKERS,
    COMMITTEE,
    DISPATCHERS,
    MANAGER,
    PEOPLE,
    RESIDENTS,
    SERVICE,
    STAFF,
    TECHNICIAN,
    Activity,
    State,
)

Ownership = Literal[
    "anyone",
    "household",
    "in_pool",
    "assigned",
    "accepter",
    "resident_accepter",
    "reporter_or_accepter",
    "stand_in",
    "follow_up",
    "part",
    "paying_resident",
    "paying_fund",
    "paying_company",
    "for_paying_resident",
    "answered_for",
]
OWNERSHIPS: dict[Ownership, str] = {
    "anyone": "the role is enough",
    "household": "lives at the place, reports in their own name, for somebody who lives there",
    "in_pool": "the order waits to be grabbed by those with its skill, and no outage answers it",
    "assigned": "the technician assigned",
    "accepter": "the accepter: the resident the order was made for, or its named checker",
    "resident_accepter": "the resident the order was made for",
    "reporter_or_accepter": "who reported it, or its accepter",
    "stand_in": "checks in place of an accepter who did the repair, or does not answer",
    "follow_up": "asked its accepter in a follow-up, who is not satisfied",
    "part": "it is a part of an order that has ended",
    "paying_resident": "the resident the order was made for, of a quote for the owner to pay",
    "paying_fund": "the owners' committee, of a quote for the maintenance fund to pay",
    "paying_company": "agrees for the warranty or the company to pay, or for the fund where the "
    "place had no owners' committee when it was quoted",
    "for_paying_resident": "takes down what the resident said who is to pay",
    "answered_for": "the resident whose answer staff took down",
}

Rule = Literal[
    "not_own_work",
    "accepted_by_resident",
    "within_window",
    "has_accepter",
    "once_a_repair",
    "reminded_in_vain",
    "one_check_a_repair",
    "is_merged",
    "no_sub_order",
    "sub_orders_finished",
    "has_open_part",
    "no_part",
    "chargeable",
    "quote_answered",
    "quote_open",
    "quote_expired",
    "not_own_quote",
    "not_its_technician",
    "not_the_payer",
    "answer_taken",
    "no_answer_taken",
    "answer_settled",
    "visit_offered",
    "visit_agreed",
    "no_visit_agreed",
    "visit_begun",
    "visit_not_begun",
    "deferral_over",
    "is_deferred",
    "not_paused",
]
RULES: dict[Rule, str] = {
    "not_own_work": "has never repaired this order",
    "accepted_by_resident": "the resident accepted, not staff in their place",
    "within_window": "so many hours after the acceptance was recorded: 72, or what was said",
    "has_accepter": "somebody is there to accept it (not so for imported orders)",
    "once_a_repair": "once for every repair",
    "reminded_in_vain": "the accepter was reminded of this repair and has not answered",
    "one_check_a_repair": "once for every repair",
    "is_merged": "it is merged into another",
    "no_sub_order": "it is no part of another order",
    "sub_orders_finished": "every part of it is finished",
    "has_open_part": "that part of it is not finished",
    "no_part": "parts are charged with their order",
    "chargeable": "a repair: complaints are free",
    "quote_answered": "no quote waits for its answer",
    "quote_open": "a quote waits for its answer and has not lapsed",
    "quote_expired": "the time of a quote without an answer is over",
    "not_own_quote": "somebody else put the quote",
    "not_its_technician": "somebody else does the work",
    "not_the_payer": "somebody else is to pay",
    "no_answer_taken": "no answer that staff took down may still be objected to",
    "answer_taken": "staff took down an answer, and it may still be objected to",
    "answer_settled": "no yes that staff took down may still be objected to",
    "visit_offered": "times for a visit are on offer",
    "visit_agreed": "a visit is agreed",
    "no_visit_agreed": "no visit is agreed",
    "visit_begun": "the agreed visit's time has begun",
    "visit_not_begun": "the agreed visit's time has not begun",
    "deferral_over": "its deferral has reached its date",
    "is_deferred": "it is put off to a date: what is paused is for staff to resume",
    "not_paused": "it is not paused; what is put off may be put off further",
}


@dataclass(frozen=True)
class Edge:
    """One way from state to state.

    From ``None``: the order does not exist yet. To ``None``: the event itself says where to, or
    things stay as they are.
    """

    command: str
    from_states: tuple[State | None, ...]
    activities: tuple[Activity, ...]
    to_state: State | None
    to_activity: Activity | None
    event: type[e.OrderEvent]
    roles: frozenset[str]
    ownership: Ownership
    rules: tuple[Rule, ...] = ()


_WAITING: tuple[Activity, ...] = ("waiting",)
_UNPAUSED: tuple[Activity, ...] = ("waiting", "working")
_PAUSED: tuple[Activity, ...] = ("paused",)
_BEFORE_WORK: tuple[Activity, ...] = ("waiting", "paused")
_SUBMITTED: tuple[State, ...] = ("submitted",)
_DISPATCHED: tuple[State, ...] = ("dispatched",)
_REPAIRED: tuple[State, ...] = ("repaired",)
_ACCEPTED: tuple[State, ...] = ("accepted",)
_RATED: tuple[State, ...] = ("rated",)
_OPEN: tuple[State, ...] = ("submitted", "dispatched")
_DECLINED: tuple[State, ...] = ("declined",)
_FINISHED: tuple[State, ...] = ("accepted", "rated")

# fmt: off
EDGES: tuple[Edge, ...] = (
    Edge("submit", (None,), _WAITING, "submitted", "waiting", e.WorkOrderSubmitted,
         RESIDENTS, "household"),
    Edge("submit", (None,), _WAITING, "submitted", "waiting", e.WorkOrderSubmitted,
         STAFF | SERVICE, "anyone"),
    Edge("submit_sub_order", (None,), _WAITING, "submitted", "waiting", e.WorkOrderSubmitted,
         DISPATCHERS | SERVICE, "anyone"),
    Edge("import_order", (None,), _WAITING, None, "waiting", e.WorkOrderImported,
         SERVICE, "anyone"),
    Edge("prioritise", _OPEN, ACTIVITIES, None, None, e.WorkOrderPrioritised,
         DISPATCHERS, "anyone"),
    Edge("dispatch", _SUBMITTED, _WAITING, "dispatched", "waiting", e.WorkOrderDispatched,
         DISPATCHERS | SERVICE, "anyone"),
    Edge("grab", _SUBMITTED, _WAITING, "dispatched", "waiting", e.WorkOrderDispatched,
         TECHNICIAN, "in_pool"),
    Edge("start", _DISPATCHED, _WAITING, "dispatched", "working", e.WorkOrderStarted,
         TECHNICIAN, "assigned", ("quote_answered", "answer_settled")),
    Edge("pause", _DISPATCHED, _UNPAUSED, "dispatched", "paused", e.WorkOrderPaused,
         DISPATCHERS, "anyone"),
    Edge("pause", _DISPATCHED, _UNPAUSED, "dispatched", "paused", e.WorkOrderPaused,
         TECHNICIAN, "assigned"),
    Edge("resume", _OPEN, _PAUSED, None, None, e.WorkOrderResumed,
         DISPATCHERS, "anyone"),
    Edge("resume", _DISPATCHED, _PAUSED, None, None, e.WorkOrderResumed,
         TECHNICIAN, "assigned"),
    Edge("resume", _OPEN, _PAUSED, None, None, e.WorkOrderResumed,
         PEOPLE, "reporter_or_accepter", ("is_deferred",)),
    Edge("resume", _OPEN, _PAUSED, None, None, e.WorkOrderResumed,
         SERVICE, "anyone", ("deferral_over",)),
    Edge("defer", _OPEN, ACTIVITIES, None, "paused", WorkOrderDeferred,
         DISPATCHERS, "anyone"),
    Edge("defer", _DISPATCHED, ACTIVITIES, None, "paused", WorkOrderDeferred,
         TECHNICIAN, "assigned"),
    Edge("defer", _OPEN, _BEFORE_WORK, None, "paused", WorkOrderDeferred,
         PEOPLE, "reporter_or_accepter", ("not_paused",)),
    Edge("hand_back", _DISPATCHED, ACTIVITIES, "submitted", "waiting", e.WorkOrderHandedBack,
         TECHNICIAN, "assigned"),
    Edge("transfer", _DISPATCHED, ACTIVITIES, "dispatched", "waiting", e.WorkOrderTransferred,
         DISPATCHERS, "anyone"),
    Edge("transfer", _DISPATCHED, ACTIVITIES, "dispatched", "waiting", e.WorkOrderTransferred,
         TECHNICIAN, "assigned"),
    Edge("repair", _DISPATCHED, _UNPAUSED, "repaired", "waiting", e.WorkOrderRepaired,
         TECHNICIAN, "assigned", ("quote_answered", "answer_settled", "sub_orders_finished")),
    Edge("accept", _REPAIRED, _WAITING, "accepted", "waiting", e.WorkOrderAccepted,
         PEOPLE, "accepter", ("not_own_work",)),
    Edge("accept", _REPAIRED, _WAITING, "accepted", "waiting", e.WorkOrderAccepted,
         CHECKERS, "stand_in", ("not_own_work",)),
    Edge("accept", _REPAIRED, _WAITING, "accepted", "waiting", e.WorkOrderAccepted,
         SERVICE, "part"),
    Edge("reject", _REPAIRED, _WAITING, "dispatched", "waiting", e.WorkOrderRejected,
         PEOPLE, "accepter"),
    Edge("reject", _REPAIRED, _WAITING, "dispatched", "waiting", e.WorkOrderRejected,
         CHECKERS, "stand_in", ("not_own_work",)),
    Edge("decline", _OPEN, ACTIVITIES, "declined", "waiting", e.WorkOrderDeclined,
         DISPATCHERS, "anyone", ("sub_orders_finished",)),
    Edge("appeal", _DECLINED, _WAITING, "submitted", "waiting", e.WorkOrderAppealed,
         PEOPLE, "reporter_or_accepter"),
    Edge("add_sub_order", _OPEN, ACTIVITIES, None, None, e.WorkOrderSubOrderAdded,
         DISPATCHERS, "anyone", ("no_sub_order",)),
    Edge("finish_sub_order", _OPEN, ACTIVITIES, None, None, e.WorkOrderSubOrderFinished,
         SERVICE, "anyone", ("has_open_part",)),
    Edge("merge", _OPEN, ACTIVITIES, "declined", "waiting", e.WorkOrderMerged,
         DISPATCHERS, "anyone", ("no_sub_order", "sub_orders_finished")),
    Edge("unmerge", _DECLINED, _WAITING, None, None, e.WorkOrderUnmerged,
         DISPATCHERS | SERVICE, "anyone", ("is_merged",)),
    Edge("rate", _ACCEPTED, _WAITING, "rated", "waiting", e.WorkOrderRated,
         RESIDENTS, "resident_accepter", ("accepted_by_resident",)),
    Edge("answer_rating", _RATED, _WAITING, "rated", "waiting", e.WorkOrderRatingAnswered,
         DISPATCHERS, "anyone", ("not_own_work",)),
    Edge("cancel", _SUBMITTED, _BEFORE_WORK, "cancelled", "waiting", e.WorkOrderCancelled,
         PEOPLE, "reporter_or_accepter", ("sub_orders_finished",)),
    Edge("cancel", _DISPATCHED, _WAITING, "cancelled", "waiting", e.WorkOrderCancelled,
         PEOPLE, "reporter_or_accepter", ("sub_orders_finished",)),
    Edge("reopen", _FINISHED, _WAITING, "dispatched", "waiting", e.WorkOrderReopened,
         PEOPLE, "accepter", ("within_window",)),
    Edge("reopen", _FINISHED, _WAITING, "dispatched", "waiting", e.WorkOrderReopened,
         DISPATCHERS, "follow_up", ("not_own_work", "within_window")),
    Edge("remind", _REPAIRED, _WAITING, "repaired", "waiting", e.WorkOrderReminded,
         SERVICE, "anyone", ("has_accepter", "once_a_repair")),
    Edge("request_check", _REPAIRED, _WAITING, "repaired", "waiting", e.WorkOrderCheckRequested,
         SERVICE, "anyone", ("has_accepter", "reminded_in_vain", "one_check_a_repair")),
    Edge("quote", _OPEN, ACTIVITIES, None, None, q.WorkOrderQuoted,
         DISPATCHERS, "anyone", ("chargeable", "no_part")),
    Edge("quote", _DISPATCHED, ACTIVITIES, None, None, q.WorkOrderQuoted,
         TECHNICIAN, "assigned", ("chargeable", "no_part")),
    Edge("withdraw_quote", _OPEN, ACTIVITIES, None, None, q.WorkOrderQuoteWithdrawn,
         DISPATCHERS, "anyone", ("quote_open",)),
    Edge("withdraw_quote", _DISPATCHED, ACTIVITIES, None, None, q.WorkOrderQuoteWithdrawn,
         TECHNICIAN, "assigned", ("quote_open",)),
    Edge("accept_quote", _OPEN, ACTIVITIES, None, None, q.WorkOrderQuoteAccepted,
         RESIDENTS, "paying_resident", ("quote_open",)),
    Edge("accept_quote", _OPEN, ACTIVITIES, None, None, q.WorkOrderQuoteAccepted,
         COMMITTEE, "paying_fund", ("quote_open", "not_own_quote")),
    Edge("accept_quote", _OPEN, ACTIVITIES, None, None, q.WorkOrderQuoteAccepted,
         MANAGER, "paying_company", ("quote_open", "not_own_quote")),
    Edge("decline_quote", _OPEN, ACTIVITIES, None, None, q.WorkOrderQuoteDeclined,
         RESIDENTS, "paying_resident", ("quote_open",)),
    Edge("decline_quote", _OPEN, ACTIVITIES, None, None, q.WorkOrderQuoteDeclined,
         COMMITTEE, "paying_fund", ("quote_open", "not_own_quote")),
    Edge("decline_quote", _OPEN, ACTIVITIES, None, None, q.WorkOrderQuoteDeclined,
         MANAGER, "paying_company", ("quote_open", "not_own_quote")),
    Edge("accept_quote_for", _OPEN, ACTIVITIES, None, None, q.WorkOrderQuoteAccepted,
         DISPATCHERS, "for_paying_resident",
         ("quote_open", "not_own_quote", "not_its_technician", "not_the_payer",
          "no_answer_taken")),
    Edge("decline_quote_for", _OPEN, ACTIVITIES, None, None, q.WorkOrderQuoteDeclined,
         DISPATCHERS, "for_paying_resident",
         ("quote_open", "not_own_quote", "not_its_technician", "not_the_payer",
          "no_answer_taken")),
    Edge("confirm_quote_answer", _OPEN, ACTIVITIES, None, None, q.WorkOrderQuoteAnswerConfirmed,
         RESIDENTS, "answered_for", ("answer_taken",)),
    Edge("object_to_quote_answer", _OPEN, _BEFORE_WORK, None, None,
         q.WorkOrderQuoteAnswerObjected, RESIDENTS, "answered_for", ("answer_taken",)),
    Edge("lapse_quote", _OPEN, ACTIVITIES, None, None, q.WorkOrderQuoteLapsed,
         SERVICE, "anyone", ("quote_expired",)),
    Edge("offer_visits", _OPEN, _BEFORE_WORK, None, None, v.WorkOrderVisitsOffered,
         DISPATCHERS, "anyone", ("no_visit_agreed",)),
    Edge("offer_visits", _DISPATCHED, _BEFORE_WORK, None, None, v.WorkOrderVisitsOffered,
         TECHNICIAN, "assigned", ("no_visit_agreed",)),
    Edge("choose_visit", _OPEN, _BEFORE_WORK, None, None, v.WorkOrderVisitChosen,
         PEOPLE, "reporter_or_accepter", ("visit_offered",)),
    Edge("choose_visit", _OPEN, _BEFORE_WORK, None, None, v.WorkOrderVisitChosen,
         DISPATCHERS, "anyone", ("visit_offered",)),
    Edge("choose_visit", _DISPATCHED, _BEFORE_WORK, None, None, v.WorkOrderVisitChosen,
         TECHNICIAN, "assigned", ("visit_offered",)),
    Edge("move_visit", _OPEN, _BEFORE_WORK, None, None, v.WorkOrderVisitMoved,
         PEOPLE, "reporter_or_accepter", ("visit_agreed",)),
    Edge("move_visit", _OPEN, _BEFORE_WORK, None, None, v.WorkOrderVisitMoved,
         DISPATCHERS, "anyone", ("visit_agreed",)),
    Edge("move_visit", _DISPATCHED, _BEFORE_WORK, None, None, v.WorkOrderVisitMoved,
         TECHNICIAN, "assigned", ("visit_agreed",)),
    Edge("cancel_visit", _OPEN, _BEFORE_WORK, None, None, v.WorkOrderVisitCancelled,
         PEOPLE, "reporter_or_accepter", ("visit_agreed", "visit_not_begun")),
    Edge("cancel_visit", _OPEN, _BEFORE_WORK, None, None, v.WorkOrderVisitCancelled,
         DISPATCHERS, "anyone", ("visit_agreed", "visit_not_begun")),
    Edge("cancel_visit", _DISPATCHED, _BEFORE_WORK, None, None, v.WorkOrderVisitCancelled,
         TECHNICIAN, "assigned", ("visit_agreed", "visit_not_begun")),
    Edge("miss_visit", _DISPATCHED, _BEFORE_WORK, None, None, v.WorkOrderVisitMissed,
         TECHNICIAN, "assigned", ("visit_agreed", "visit_begun")),
    Edge("remind_visit", _OPEN, _BEFORE_WORK, None, None, v.WorkOrderVisitReminded,
         SERVICE, "anyone", ("visit_agreed",)),
)
# fmt: on

COMMANDS: tuple[str, ...] = tuple(dict.fromkeys(edge.command for edge in EDGES))
ROWS: dict[str, tuple[Edge, ...]] = {
    name: tuple(edge for edge in EDGES if edge.command == name) for name in COMMANDS
}
MOVES: dict[type[e.OrderEvent], tuple[State | None, Activity | None]] = {
    edge.event: (edge.to_state, edge.to_activity) for edge in EDGES
}


_HEAD = (
    *("command", "from", "activity", "to", "activity then"),
    *("event", "roles", "whose", "only if"),
)


def markdown_table() -> str:
    """The whole lifecycle for the documentation: the rows, then what ownership and rules mean."""
    lines = [_line(_HEAD), _line("---" for _ in _HEAD)]
    lines += [_line(_cells(edge)) for edge in EDGES]
    lines += ["", "Whose:", ""]
    lines += [f"- `{name}`: {meaning}" for name, meaning in OWNERSHIPS.items()]
    lines += ["", "Only if:", ""]
    lines += [f"- `{name}`: {meaning}" for name, meaning in RULES.items()]
    return "\n".join(lines) + "\n"


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cells(edge: Edge) -> tuple[str, ...]:
    before = {_PAUSED: "(as before the pause)"}.get(edge.activities, "(as before)")
    stays = "(as the event says)" if edge.from_states == (None,) else "(as before)"
    if "is_merged" in edge.rules:
        before = stays = "(as before the merge)"
    return (
        edge.command,
        ", ".join(state or "(none)" for state in edge.from_states),
        ", ".join(edge.activities),
        edge.to_state or stays,
        edge.to_activity or before,
        edge.event.__name__,
        ", ".join(sorted(edge.roles)),
        edge.ownership,
        ", ".join(edge.rules),
    )
