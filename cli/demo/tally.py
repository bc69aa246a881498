"""What came of dispatching, quotes, visits, follow-ups and inquiries, counted from events. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Event = Mapping[str, Any]
# what is counted, and what came of it
Outcome = tuple[str, str]
Counts = Counter[Outcome]
# what has not come to anything yet, by what it is and whose
Waiting = dict[tuple[str, str], str]

_COUNTED = {
    "WorkOrderRejected": ("rework", "rejected"),
    "WorkOrderReopened": ("rework", "opened again"),
    "WorkOrderVisitMoved": ("visits", "moved"),
    "WorkOrderDeferred": ("work put off", "to a date"),
    "FollowUpDropped": ("follow-ups", "dropped"),
    "InquiryEscalated": ("inquiries", "late"),
}
_HOW = {None: "by the dispatcher", "automatic": "automatically", "grab": "by themselves"}
_QUOTES = "WorkOrderQuote"
_ANSWERS = ("WorkOrderQuoteAccepted", "WorkOrderQuoteDeclined")
# what waited of an order that ends by these comes to nothing
_ENDS = frozenset({"WorkOrderCancelled", "WorkOrderDeclined", "WorkOrderMerged"})


def tally(events: Iterable[Event]) -> Counts:
    """``events``: of `workorders`, in their order."""
    found: Counts = Counter()
    waiting: Waiting = {}
    for event in events:
        name, data, subject = event["type"], event["data"], event["subject"]
        if name in _COUNTED:
            found[_COUNTED[name]] += 1
        if name == "WorkOrderEscalated":
            found["escalations", f"time to {data['target']}"] += 1
        if name == "WorkOrderDispatched":
            choice = data.get("choice")
            found["technicians sent", _HOW[choice["how"] if choice else None]] += 1
        found.update(_quotes(name, data, subject, waiting))
        found.update(_visits(name, subject, waiting))
        found.update(_follow_ups(name, data, waiting))
        found.update(_inquiries(name, subject, waiting))
    found.update((what, outcome) for (what, _), outcome in waiting.items())
    return found


def _quotes(name: str, data: Event, order: str, waiting: Waiting) -> Iterator[Outcome]:
    quote = "quotes", order
    if name == "WorkOrderQuoted":
        if quote in waiting:
            yield "quotes", "replaced"
        waiting[quote] = "not answered yet"
    elif name == "WorkOrderQuoteAnswerConfirmed":
        yield "quotes", "said on the phone, confirmed"
    elif name == "WorkOrderQuoteAnswerObjected":
        waiting[quote] = "not answered yet"
        yield "quotes", "said on the phone, objected to"
    elif name.startswith(_QUOTES):
        if data.get("said_by"):
            yield "quotes", "said on the phone"
        if data.get("answerer") == "committee" and name in _ANSWERS:
            yield "quotes", "answered by the owners' committee"
        waiting.pop(quote, None)
        yield "quotes", name.removeprefix(_QUOTES).lower()
    elif name in _ENDS and waiting.pop(quote, ""):
        yield "quotes", "withdrawn"


def _visits(name: str, order: str, waiting: Waiting) -> Iterator[Outcome]:
    visit = "visits", order
    if name == "WorkOrderVisitsOffered":
        waiting[visit] = "not chosen yet"
    elif name in ("WorkOrderVisitChosen", "WorkOrderVisitMoved"):
        waiting[visit] = "still to come"
    elif name == "WorkOrderVisitMissed":
        waiting.pop(visit, None)
        yield "visits", "missed"
    elif name == "WorkOrderVisitCancelled":
        waiting.pop(visit, None)
        yield "visits", "called off"
    elif name in ("WorkOrderStarted", "WorkOrderRepaired"):
        if waiting.pop(visit, None) == "still to come":
            yield "visits", "kept"
    elif name in _ENDS:
        waiting.pop(visit, None)


def _follow_ups(name: str, data: Event, waiting: Waiting) -> Iterator[Outcome]:
    if not name.startswith("FollowUp") or "round" not in data:
        return
    due = "follow-ups", f"{data['order']} {data['round']}"
    if name == "FollowUpDue":
        waiting[due] = "still to be made"
        return
    if name == "FollowUpRecorded":
        satisfied = {True: "satisfied", False: "not satisfied"}
        yield "follow-ups", satisfied.get(data["satisfied"], "not reached")
    if data.get("closed", True):
        waiting.pop(due, None)


def _inquiries(name: str, inquiry: str, waiting: Waiting) -> Iterator[Outcome]:
    one = "inquiries", inquiry
    if name == "InquirySubmitted":
        waiting[one] = "not answered yet"
    elif name in ("InquiryAnswered", "InquiryConverted") and waiting.pop(one, ""):
        yield "inquiries", name.removeprefix("Inquiry").lower()
