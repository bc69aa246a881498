"""Every command in every situation by every role, against two tables written by hand.

The tables are not made from ``lifecycle.EDGES``: a wrong row there fails here.
"""

from __future__ import annotations

import pytest

from services.workorders.orders.domain import commands, refusals
from services.workorders.orders.domain.deferral import DeferralNotOver, NotDeferred
from services.workorders.orders.domain.events import EVENTS
from services.workorders.orders.domain.lifecycle import (
    COMMANDS,
    EDGES,
    MOVES,
    OWNERSHIPS,
    RULES,
    Edge,
    markdown_table,
)
from services.workorders.orders.domain.quotes import refusals as quotes
from services.workorders.orders.domain.visits import refusals as visits
from services.workorders.orders.domain.vocabulary import STATES
from shared.errors import Forbidden, WuyeError
from tests.unit.workorders.cast import HISTORIES, command, given, person

# Where a command leads from each situation, or why it is refused there. Without an order:
FROM_NOTHING = {
    "submit": "submitted",
    "submit_sub_order": "submitted",
    "import_order": "repaired",
}
LEADS = """
                 submitted put_off   waiting   working   paused    repaired accepted rated   cancelled declined  merged
submit           Exists    Exists    Exists    Exists    Exists    Exists   Exists   Exists  Exists    Exists    Exists
import_order     Exists    Exists    Exists    Exists    Exists    Exists   Exists   Exists  Exists    Exists    Exists
dispatch         waiting   Paused    Disp      Disp      Disp      Rep      Acc      Rated   Canc      Decl      Merged
prioritise       submitted put_off   waiting   working   paused    Rep      Acc      Rated   Canc      Decl      Merged
grab             waiting   Paused    Disp      Disp      Disp      Rep      Acc      Rated   Canc      Decl      Merged
start            NotDisp   NotDisp   working   Begun     Paused    Rep      Acc      Rated   Canc      Decl      Merged
pause            NotDisp   NotDisp   paused    paused    Paused    Rep      Acc      Rated   Canc      Decl      Merged
resume           NotPau    submitted NotPau    NotPau    working   Rep      Acc      Rated   Canc      Decl      Merged
defer            put_off   put_off   paused    paused    paused    Rep      Acc      Rated   Canc      Decl      Merged
hand_back        NotDisp   NotDisp   submitted submitted submitted Rep      Acc      Rated   Canc      Decl      Merged
transfer         NotDisp   NotDisp   waiting   waiting   waiting   Rep      Acc      Rated   Canc      Decl      Merged
repair           NotDisp   NotDisp   repaired  repaired  Paused    Rep      Acc      Rated   Canc      Decl      Merged
accept           NotRep    NotRep    NotRep    NotRep    NotRep    accepted Acc      Rated   Canc      Decl      Merged
reject           NotRep    NotRep    NotRep    NotRep    NotRep    waiting  Acc      Rated   Canc      Decl      Merged
decline          declined  declined  declined  declined  declined  Rep      Acc      Rated   Canc      Decl      Merged
appeal           NotDecl   NotDecl   NotDecl   NotDecl   NotDecl   NotDecl  NotDecl  NotDecl Canc      submitted submitted
rate             NotAcc    NotAcc    NotAcc    NotAcc    NotAcc    NotAcc   rated    Rated   Canc      Decl      Merged
answer_rating    NotRat    NotRat    NotRat    NotRat    NotRat    NotRat   NotRat   rated   Canc      Decl      Merged
cancel           cancelled cancelled cancelled Begun     Paused    Rep      Acc      Rated   Canc      Decl      Merged
reopen           NotAcc    NotAcc    NotAcc    NotAcc    NotAcc    NotAcc   waiting  waiting Canc      Decl      Merged
remind           NotRep    NotRep    NotRep    NotRep    NotRep    repaired Acc      Rated   Canc      Decl      Merged
request_check    NotRep    NotRep    NotRep    NotRep    NotRep    NotRem   Acc      Rated   Canc      Decl      Merged
merge            declined  declined  declined  declined  declined  Rep      Acc      Rated   Canc      Decl      Merged
unmerge          NotMer    NotMer    NotMer    NotMer    NotMer    NotMer   NotMer   NotMer  NotMer    NotMer    waiting
submit_sub_order Exists    Exists    Exists    Exists    Exists    Exists   Exists   Exists  Exists    Exists    Exists
add_sub_order    submitted put_off   waiting   working   paused    Rep      Acc      Rated   Canc      Decl      Merged
finish_sub_order NoPart    NoPart    NoPart    NoPart    NoPart    Rep      Acc      Rated   Canc      Decl      Merged
quote            submitted put_off   waiting   waiting   paused    Rep      Acc      Rated   Canc      Decl      Merged
withdraw_quote   NoQuote   NoQuote   NoQuote   NoQuote   NoQuote   Rep      Acc      Rated   Canc      Decl      Merged
accept_quote     NoQuote   NoQuote   NoQuote   NoQuote   NoQuote   Rep      Acc      Rated   Canc      Decl      Merged
decline_quote    NoQuote   NoQuote   NoQuote   NoQuote   NoQuote   Rep      Acc      Rated   Canc      Decl      Merged
lapse_quote      NoQuote   NoQuote   NoQuote   NoQuote   NoQuote   Rep      Acc      Rated   Canc      Decl      Merged
accept_quote_for NoQuote   NoQuote   NoQuote   NoQuote   NoQuote   Rep      Acc      Rated   Canc      Decl      Merged
decline_quote_for NoQuote  NoQuote   NoQuote   NoQuote   NoQuote   Rep      Acc      Rated   Canc      Decl      Merged
confirm_quote_answer NoTaken NoTaken NoTaken   NoTaken   NoTaken   Rep      Acc      Rated   Canc      Decl      Merged
object_to_quote_answer NoTaken NoTaken NoTaken Begun     NoTaken   Rep      Acc      Rated   Canc      Decl      Merged
offer_visits     submitted put_off   waiting   Begun     paused    Rep      Acc      Rated   Canc      Decl      Merged
choose_visit     NoOffer   NoOffer   NoOffer   Begun     NoOffer   Rep      Acc      Rated   Canc      Decl      Merged
move_visit       NoVisit   NoVisit   NoVisit   Begun     NoVisit   Rep      Acc      Rated   Canc      Decl      Merged
cancel_visit     NoVisit   NoVisit   NoVisit   Begun     NoVisit   Rep      Acc      Rated   Canc      Decl      Merged
miss_visit       NotDisp   NotDisp   NoVisit   Begun     NoVisit   Rep      Acc      Rated   Canc      Decl      Merged
remind_visit     NoVisit   NoVisit   NoVisit   Begun     NoVisit   Rep      Acc      Rated   Canc      Decl      Merged
"""  # noqa: E501

# Which role may: * whoever it is, o whoever did not do the work, t the technician assigned,
# a the accepter, r the reporter, p for parts of another order alone,
# d whoever it is, at the date that it was put off to.
# The others are accountant, auditor and admin.
MAY = """
                 resident committee technician dispatcher supervisor manager guard service others
submit           ra       ra        *          *          *          *       *     *       .
import_order     .        .         .          .          .          .       .     *       .
prioritise       .        .         .          *          *          *       .     .       .
dispatch         .        .         .          *          *          *       .     *       .
grab             .        .         *          .          .          .       .     .       .
start            .        .         t          .          .          .       .     .       .
pause            .        .         t          *          *          *       .     .       .
resume           ra       ra        rat        *          *          *       ra    d       .
defer            ra       ra        rat        *          *          *       ra    .       .
hand_back        .        .         t          .          .          .       .     .       .
transfer         .        .         t          *          *          *       .     .       .
repair           .        .         t          .          .          .       .     .       .
accept           a        a         a          a          a          a       a     p       .
reject           a        a         a          a          a          a       a     .       .
decline          .        .         .          *          *          *       .     .       .
appeal           ra       ra        ra         ra         ra         ra      ra    .       .
rate             a        a         .          .          .          .       .     .       .
answer_rating    .        .         .          o          o          o       .     .       .
cancel           ra       ra        ra         ra         ra         ra      ra    .       .
reopen           a        a         a          a          a          a       a     .       .
remind           .        .         .          .          .          .       .     *       .
request_check    .        .         .          .          .          .       .     *       .
merge            .        .         .          *          *          *       .     .       .
unmerge          .        .         .          *          *          *       .     *       .
submit_sub_order .        .         .          *          *          *       .     *       .
add_sub_order    .        .         .          *          *          *       .     .       .
finish_sub_order .        .         .          .          .          .       .     *       .
quote            .        .         t          *          *          *       .     .       .
withdraw_quote   .        .         t          *          *          *       .     .       .
accept_quote     a        *         .          .          .          *       .     .       .
decline_quote    a        *         .          .          .          *       .     .       .
accept_quote_for . . . * * * . . .
decline_quote_for . . . * * * . . .
confirm_quote_answer a a . . . . . . .
object_to_quote_answer a a . . . . . . .
lapse_quote      .        .         .          .          .          .       .     *       .
offer_visits .        .         t          *          *          *       .     .       .
choose_visit ra       ra        rat        *          *          *       ra    .       .
move_visit   ra       ra        rat        *          *          *       ra    .       .
cancel_visit ra       ra        rat        *          *          *       ra    .       .
miss_visit   .        .         t          .          .          .       .     .       .
remind_visit .        .         .          .          .          .       .     *       .
"""

REFUSALS = {
    "Exists": refusals.OrderExists,
    "Disp": refusals.AlreadyDispatched,
    "Rep": refusals.AlreadyRepaired,
    "Acc": refusals.AlreadyAccepted,
    "Rated": refusals.AlreadyRated,
    "Canc": refusals.OrderCancelled,
    "Decl": refusals.OrderDeclined,
    "Begun": refusals.WorkBegun,
    "Paused": refusals.OrderPaused,
    "NotPau": refusals.NotPaused,
    "NotDisp": refusals.NotYetDispatched,
    "NotRep": refusals.NotYetRepaired,
    "NotAcc": refusals.NotYetAccepted,
    "NotRat": refusals.NotYetRated,
    "NotDecl": refusals.NotDeclined,
    "NotRem": refusals.NotReminded,
    "Merged": refusals.OrderMerged,
    "NotMer": refusals.NotMerged,
    "NoPart": refusals.NoOpenSubOrder,
    "NoQuote": quotes.NoQuote,
    "NoTaken": quotes.NoAnswerTaken,
    "NoOffer": visits.NoVisitOffered,
    "NoVisit": visits.NoVisitAgreed,
}
PERSON_OF = {"t": "wang", "a": "li", "r": "mei", "-": "stranger"}


def _table(text: str) -> dict[str, dict[str, str]]:
    head, *rows = (line.split() for line in text.strip().splitlines())
    return {name: dict(zip(head, cells, strict=True)) for name, *cells in rows}


LEADS_TO = _table(LEADS)
WHO = _table(MAY)
for cells in WHO.values():
    cells.update(dict.fromkeys(("accountant", "auditor", "admin"), cells.pop("others")))
ROLES = tuple(WHO["submit"])


UNASSIGNED = ("submitted", "put_off", "cancelled", "declined", "merged")
# whom it is for puts it off and takes that back, but does not meddle with work and its pauses
THEIRS = {
    ("defer", "working"): refusals.WorkBegun,
    ("defer", "paused"): refusals.OrderPaused,
    ("resume", "paused"): NotDeferred,
}


def _situation(state: str | None, activity: str) -> str | None:
    if (state, activity) == ("submitted", "paused"):
        return "put_off"
    return activity if state == "dispatched" else state


def _expected(name: str, situation: str, role: str, relation: str) -> str | type[WuyeError]:
    if situation == "none" and name not in FROM_NOTHING:
        return refusals.NoSuchOrder
    outcome = FROM_NOTHING[name] if situation == "none" else LEADS_TO[name][situation]
    cell = WHO[name][role]
    # who is about to submit an order lives there and so could be its reporter, whatever their name
    lives_there = name == "submit" and "r" in cell
    # the technician of an order not dispatched, or taken back, is nobody
    nobody = relation == "t" and situation in UNASSIGNED
    owns = cell in ("*", "o", "d") or lives_there or (relation in cell and not nobody)
    if cell == ".":
        return refusals.NotYourRole
    if not owns:
        return refusals.NotYourOrder
    if cell == "o" and relation == "t" and outcome not in REFUSALS:
        return refusals.OwnWork
    if cell == "d" and outcome not in REFUSALS:
        return DeferralNotOver
    if cell != "*" and relation in "ra":
        return THEIRS.get((name, situation), REFUSALS.get(outcome, outcome))
    return REFUSALS.get(outcome, outcome)


def _found(name: str, situation: str, role: str, relation: str) -> str | type[WuyeError]:
    caller = person(PERSON_OF[relation], role)
    outcome = given(*HISTORIES[situation]).when(command(name, caller))
    if outcome.error is not None:
        return type(outcome.error)
    state = outcome.after()
    return str(_situation(state.state, state.activity))


@pytest.mark.parametrize("situation", HISTORIES)
@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_in_every_situation_by_everybody(name: str, situation: str) -> None:
    wrong = []
    for role in ROLES:
        for relation in PERSON_OF:
            expected = _expected(name, situation, role, relation)
            found = _found(name, situation, role, relation)
            if found != expected:
                wrong.append(f"{role}, {relation}: expected {expected}, found {found}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("situation", HISTORIES)
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("relation", PERSON_OF)
def test_a_refusal_says_just_what_would_be_taken(situation: str, role: str, relation: str) -> None:
    caller = person(PERSON_OF[relation], role)
    possible = [
        name
        for name in COMMANDS
        # what may be grabbed is known to the pool alone
        if name not in ("submit", "submit_sub_order", "import_order", "grab")
        and given(*HISTORIES[situation]).when(command(name, caller)).error is None
    ]
    for name in COMMANDS:
        error = given(*HISTORIES[situation]).when(command(name, caller)).error
        if error is not None and not isinstance(error, refusals.NoSuchOrder):
            assert error.allowed == possible, (name, error)


@pytest.mark.parametrize("edge", EDGES, ids=lambda edge: f"{edge.command}-{edge.ownership}")
def test_each_row_is_made_of_known_words(edge: Edge) -> None:
    assert edge.ownership in OWNERSHIPS
    assert set(edge.rules) <= RULES.keys()
    assert edge.roles <= set(ROLES)
    assert {state for state in edge.from_states if state} <= set(STATES)
    assert MOVES[edge.event] == (edge.to_state, edge.to_activity), "two rows of one event disagree"


def test_the_table_the_commands_the_events_and_this_test_name_the_same_things() -> None:
    classes = commands.Command.__subclasses__()
    assert set(COMMANDS) == {cls.name for cls in classes} == LEADS_TO.keys() == WHO.keys()
    assert {edge.event for edge in EDGES} == {cls for _, cls in EVENTS.values()}
    assert all(cls.__name__ == name and version == 1 for name, (version, cls) in EVENTS.items())


@pytest.mark.parametrize("name", COMMANDS)
def test_a_post_elsewhere_is_no_post_here(name: str) -> None:
    for role in ROLES:
        for known in PERSON_OF.values():
            caller = person(known, role, community="elsewhere")
            for situation in HISTORIES:
                error = given(*HISTORIES[situation]).when(command(name, caller)).error
                assert isinstance(error, (Forbidden, refusals.NoSuchOrder)), (role, situation)


def test_the_documentation_prints_every_row() -> None:
    printed = markdown_table().splitlines()
    rows = [line for line in printed if line.startswith("| ")][2:]
    assert len(rows) == len(EDGES)
    assert all(line.count("|") == printed[0].count("|") for line in rows)
    assert (
        "| cancel | submitted | waiting, paused | cancelled | waiting | WorkOrderCancelled "
        "| committee, dispatcher, guard, manager, resident, supervisor, technician "
        "| reporter_or_accepter | sub_orders_finished |"
    ) in rows
