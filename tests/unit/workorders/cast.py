"""The people, the place and the events that the tests of work orders share.

``li`` lives in a unit with ``mei``, and ``wang`` repairs what is theirs. Each history leads an
order that mei reported for li to one situation: a state and an activity.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from services.workorders.orders.domain import commands as c
from services.workorders.orders.domain import events as e
from services.workorders.orders.domain.choice import Choice
from services.workorders.orders.domain.decide import decide
from services.workorders.orders.domain.deferral import Defer, WorkOrderDeferred
from services.workorders.orders.domain.links import Origin, Target
from services.workorders.orders.domain.quotes import commands as qc
from services.workorders.orders.domain.quotes import events as q
from services.workorders.orders.domain.quotes.values import QuoteLine
from services.workorders.orders.domain.state import Order, evolve
from services.workorders.orders.domain.visits import commands as vc
from services.workorders.orders.domain.visits import events as v
from services.workorders.orders.domain.visits.values import Window
from shared.eventlog.decider import Decider
from shared.identity.caller import Caller, Post
from shared.testing import scenario
from shared.testing.scenario import NOON

COMMUNITY = "sunny"
ID = f"{COMMUNITY}.00000000-0000-4000-8000-000000000001"
OTHER_ID = f"{COMMUNITY}.00000000-0000-4000-8000-000000000002"
BUILDING = f"{COMMUNITY}.00000000-0000-4000-8000-000000000011"
UNIT = f"{COMMUNITY}.00000000-0000-4000-8000-000000000012"
HOUR = timedelta(hours=1)

ORDERS = Decider("orders", Order, decide, evolve)
given = partial(scenario.given, ORDERS)
fold = partial(scenario.fold, ORDERS)


def person(name: str, *roles: str, community: str = COMMUNITY) -> Caller:
    return Caller(name, tuple(Post(role, community) for role in roles))


li = person("li", "resident")
mei = person("mei", "resident")
zhao = person("zhao", "resident")
chair = person("chair", "committee", "resident")
wang = person("wang", "technician")
chen = person("chen", "technician")
sun = person("sun", "dispatcher")
qian = person("qian", "supervisor")
boss = person("boss", "manager")
guard = person("guard", "guard")
machine = Caller("service:workorders", (Post("service", "*"),))


def keys(**changes: Any) -> dict[str, Any]:
    """The place keys of li's order, with ``changes``."""
    return {
        "number": "R-2026-000001",
        "kind": "repair",
        "category": "plumbing",
        "building": BUILDING,
        "unit": UNIT,
        "reporter": "mei",
        "accepter": "li",
        "technician": "wang",
        **changes,
    }


def submit(by: Caller = mei, **changes: Any) -> c.Submit:
    return c.Submit(
        **{
            "by": by,
            "id": ID,
            "number": "R-2026-000001",
            "kind": "repair",
            "category": "plumbing",
            "building": BUILDING,
            "unit": UNIT,
            "reporter": by.person,
            "accepter": "li",
            "accepter_kind": "resident",
            "occupants": ("li", "mei"),
            "channel": "page",
            "description": "厨房漏水 💧",
            **changes,
        }
    )


def import_order(by: Caller = machine, **changes: Any) -> c.ImportOrder:
    return c.ImportOrder(
        **{
            "by": by,
            "id": ID,
            "number": "R-2016-000001",
            "kind": "repair",
            "category": "plumbing",
            "source": "311",
            "source_id": "6078653",
            "submitted_at": NOON - timedelta(days=3000),
            "closed_at": NOON - timedelta(days=2999),
            "status": "Closed",
            "closed": True,
            **changes,
        }
    )


def submitted(**changes: Any) -> e.WorkOrderSubmitted:
    return e.WorkOrderSubmitted(
        **{
            **keys(technician=None),
            "id": ID,
            "accepter_kind": "resident",
            "channel": "page",
            "taken_by": None,
            "author": "mei",
            "description": "厨房漏水 💧",
            **changes,
        }
    )


def imported(**changes: Any) -> e.WorkOrderImported:
    return e.WorkOrderImported(
        **{
            **keys(technician=None, reporter=None, accepter=None, building=None, unit=None),
            "number": "R-2016-000001",
            "id": ID,
            "channel": "import",
            "source": "311",
            "source_id": "6078653",
            "submitted_at": NOON - timedelta(days=3000),
            "closed_at": NOON - timedelta(days=2999),
            "status": "Closed",
            "state": "repaired",
            "description": None,
            **changes,
        }
    )


def repaired(**changes: Any) -> e.WorkOrderRepaired:
    own = {"notes": "new washer", "minutes": 30, "materials": (), "charge_fen": 0, "photos": ()}
    return e.WorkOrderRepaired(**{**keys(), **own, **changes})


def accepted(**changes: Any) -> e.WorkOrderAccepted:
    return e.WorkOrderAccepted(**{**keys(), "charge_fen": 0, "checked": False, **changes})


LINES = (
    QuoteLine(kind="material", what="washer", quantity=2, unit_fen=500),
    QuoteLine(kind="labour", what="an hour", quantity=1, unit_fen=4_000),
)
WEEK = timedelta(days=7)
ZONE = "Asia/Shanghai"


def window(hours: int, length: int = 2) -> Window:
    """So many hours after noon."""
    starts = NOON + hours * HOUR
    return Window(starts=starts, ends=starts + length * HOUR)


MORNING, AFTERNOON, EVENING = window(20), window(24), window(28)


def deferred(**changes: Any) -> WorkOrderDeferred:
    own = {"until": NOON + WEEK, "reason": "the family is away", "zone": ZONE}
    return WorkOrderDeferred(**{**keys(), **own, **changes})


def visits_offered(**changes: Any) -> v.WorkOrderVisitsOffered:
    own = {"offer": 1, "windows": (MORNING, AFTERNOON), "zone": ZONE}
    return v.WorkOrderVisitsOffered(**{**keys(), **own, **changes})


def visit_chosen(at: Window = MORNING, **changes: Any) -> v.WorkOrderVisitChosen:
    own = {"offer": 1, "starts": at.starts, "ends": at.ends, "zone": ZONE}
    return v.WorkOrderVisitChosen(**{**keys(), **own, **changes})


def put_quote(by: Caller = wang, **changes: Any) -> qc.PutQuote:
    own = {"by": by, "payer": "owner", "lines": LINES, "valid_until": NOON + WEEK}
    own["others"] = ("committee", "manager")
    return qc.PutQuote(**{**own, **changes})


def quoted(total_fen: int = 5_000, quote: int = 1, **changes: Any) -> q.WorkOrderQuoted:
    """A quote of one line, unless its lines are given."""
    line = QuoteLine(kind="labour", what="all of it", quantity=1, unit_fen=total_fen)
    own = {"quote": quote, "payer": "owner", "lines": (line,), "total_fen": total_fen}
    more = {"valid_until": NOON + WEEK, "replaces": None, "note": None}
    payer = changes.get("payer", "owner")
    more["answerer"] = "resident" if payer == "owner" else "manager"
    return q.WorkOrderQuoted(**{**keys(), **own, **more, **changes})


def agreed(total_fen: int = 5_000, quote: int = 1, **changes: Any) -> q.WorkOrderQuoteAccepted:
    payer = changes.get("payer", "owner")
    answerer = "resident" if payer == "owner" else "manager"
    own = {"quote": quote, "payer": "owner", "total_fen": total_fen, "answerer": answerer}
    return q.WorkOrderQuoteAccepted(**{**keys(), **own, **changes})


def declined(**changes: Any) -> e.WorkOrderDeclined:
    own = {"reason": "not_ours", "note": "the water works do it", "duplicate_of": None}
    return e.WorkOrderDeclined(**{**keys(technician=None), **own, **changes})


dispatched = e.WorkOrderDispatched(**keys())
started = e.WorkOrderStarted(**keys())
paused = e.WorkOrderPaused(**keys(), reason="parts", note=None)
resumed = e.WorkOrderResumed(**keys(), activity="working")
rejected = e.WorkOrderRejected(**keys(), reason="still drips")
reopened = e.WorkOrderReopened(**keys(), reason="drips again")
rated = e.WorkOrderRated(**keys(), stars=5, speed=None, attitude=None, comment=None)
cancelled = e.WorkOrderCancelled(**keys(technician=None))
reminded = e.WorkOrderReminded(**keys())
check_requested = e.WorkOrderCheckRequested(**keys(), repairers=("wang",))

merged = e.WorkOrderMerged(**keys(), into=OTHER_ID, into_number="R-2026-000002")

HISTORIES: dict[str, tuple[e.OrderEvent, ...]] = {
    "none": (),
    "submitted": (submitted(),),
    "put_off": (submitted(), deferred(technician=None)),
    "waiting": (submitted(), dispatched),
    "working": (submitted(), dispatched, started),
    "paused": (submitted(), dispatched, started, paused),
    "repaired": (submitted(), dispatched, repaired()),
    "accepted": (submitted(), dispatched, repaired(), accepted()),
    "rated": (submitted(), dispatched, repaired(), accepted(), rated),
    "cancelled": (submitted(), cancelled),
    "declined": (submitted(), declined()),
    "merged": (submitted(), dispatched, merged),
}


def command(name: str, by: Caller) -> c.Command:
    """A command that nothing is wrong with but, perhaps, who gives it and when."""
    match name:
        case "submit":
            return submit(by, occupants=("li", "mei", by.person))
        case "import_order":
            return import_order(by)
        case "prioritise":
            return c.Prioritise(by=by, priority="urgent")
        case "dispatch":
            return c.Dispatch(by=by, technician="wang", technician_here=True)
        case "grab":
            choice = Choice(how="grab", reason="grabbed", edition=1, at=NOON)
            return c.Grab(by=by, in_pool=True, certified=True, choice=choice)
        case "start":
            return c.Start(by=by)
        case "pause":
            return c.Pause(by=by, reason="parts")
        case "resume":
            return c.Resume(by=by)
        case "hand_back":
            return c.HandBack(by=by, reason="needs an electrician")
        case "transfer":
            return c.Transfer(by=by, technician="chen", technician_here=True, reason="shift ends")
        case "repair":
            return c.Repair(by=by, notes="new washer", minutes=30)
        case "accept":
            return c.Accept(by=by)
        case "reject":
            return c.Reject(by=by, reason="still drips")
        case "decline":
            return c.Decline(by=by, reason="not_ours", note="the water works do it")
        case "appeal":
            return c.Appeal(by=by, text="the pipe is inside the wall")
        case "rate":
            return c.Rate(by=by, stars=5)
        case "answer_rating":
            return c.AnswerRating(by=by, text="we are sorry")
        case "cancel":
            return c.Cancel(by=by)
        case "reopen":
            return c.Reopen(by=by, reason="drips again")
        case "remind":
            return c.Remind(by=by)
        case "request_check":
            return c.RequestCheck(by=by)
        case "submit_sub_order":
            return submit_sub_order(by)
        case "add_sub_order":
            return add_sub_order(by)
        case "finish_sub_order":
            return finish_sub_order(by)
        case "merge":
            return c.Merge(by=by, target=target())
        case "unmerge":
            return c.Unmerge(by=by)
        case "offer_visits":
            # after the date of what is put off
            windows = (window(7 * 24 + 20), window(7 * 24 + 24))
            return vc.OfferVisits(by=by, windows=windows, zone=ZONE)
        case "choose_visit":
            return vc.ChooseVisit(by=by, offer=1, window=1, zone=ZONE)
        case "move_visit":
            return vc.MoveVisit(by=by, starts=EVENING.starts, ends=EVENING.ends, zone=ZONE)
        case "cancel_visit":
            return vc.CancelVisit(by=by, zone=ZONE)
        case "miss_visit":
            return vc.MissVisit(by=by, zone=ZONE)
        case "remind_visit":
            return vc.RemindVisit(by=by, starts=MORNING.starts, zone=ZONE)
        case "defer":
            return Defer(by=by, until=NOON + WEEK, reason="the family is away", zone=ZONE)
        case "quote":
            return put_quote(by)
        case "accept_quote":
            return qc.AcceptQuote(by=by, quote=1)
        case "decline_quote":
            return qc.DeclineQuote(by=by, quote=1)
        case "accept_quote_for":
            return qc.AcceptQuoteFor(by=by, quote=1, channel="phone")
        case "decline_quote_for":
            return qc.DeclineQuoteFor(by=by, quote=1, channel="phone")
        case "confirm_quote_answer":
            return qc.ConfirmAnswer(by=by, quote=1)
        case "object_to_quote_answer":
            return qc.ObjectToAnswer(by=by, quote=1)
        case "withdraw_quote":
            return qc.WithdrawQuote(by=by, quote=1)
        case "lapse_quote":
            return qc.LapseQuote(by=by, quote=1)
    raise AssertionError(name)


def add_sub_order(by: Caller, **changes: Any) -> c.AddSubOrder:
    usual = {
        "sub_order": OTHER_ID,
        "sub_number": "R-2026-000002",
        "kind": "repair",
        "category": "electrical",
        "description": "改线",
    }
    return c.AddSubOrder(**{"by": by, **usual, **changes})


def submit_sub_order(by: Caller, **changes: Any) -> c.SubmitSubOrder:
    usual = {
        "id": OTHER_ID,
        "number": "R-2026-000002",
        "kind": "repair",
        "category": "electrical",
        "building": BUILDING,
        "unit": UNIT,
        "author": "sun",
        "description": "改线",
        "priority": "normal",
        "origin": Origin(relation="part_of", id=ID, number="R-2026-000001"),
    }
    return c.SubmitSubOrder(**{"by": by, **usual, **changes})


def finish_sub_order(by: Caller, **changes: Any) -> c.FinishSubOrder:
    usual = {
        "sub_order": OTHER_ID,
        "sub_number": "R-2026-000002",
        "sub_state": "repaired",
        "sub_technician": "chen",
    }
    return c.FinishSubOrder(**{"by": by, **usual, **changes})


def target(**changes: Any) -> Target:
    """An open order of the same community."""
    usual: dict[str, Any] = {"id": OTHER_ID, "number": "R-2026-000002", "state": "submitted"}
    return Target(**{**usual, **changes})
