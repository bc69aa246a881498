"""Random lives of orders for the SLA clock: what may happen next, and what the events look like."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from services.workorders.sla.domain.happenings import Happening, happening
from tests.support.sla_oracle import Event

WIRE = {
    "submitted": "WorkOrderSubmitted",
    "prioritised": "WorkOrderPrioritised",
    "dispatched": "WorkOrderDispatched",
    "started": "WorkOrderStarted",
    "paused": "WorkOrderPaused",
    "deferred": "WorkOrderDeferred",
    "resumed": "WorkOrderResumed",
    "handed_back": "WorkOrderHandedBack",
    "transferred": "WorkOrderTransferred",
    "repaired": "WorkOrderRepaired",
    "accepted": "WorkOrderAccepted",
    "rejected": "WorkOrderRejected",
    "declined": "WorkOrderDeclined",
    "appealed": "WorkOrderAppealed",
    "cancelled": "WorkOrderCancelled",
    "reopened": "WorkOrderReopened",
    "merged": "WorkOrderMerged",
    "unmerged": "WorkOrderUnmerged",
    "offered": "WorkOrderVisitsOffered",
    "chosen": "WorkOrderVisitChosen",
    "moved": "WorkOrderVisitMoved",
    "missed": "WorkOrderVisitMissed",
    "called_off": "WorkOrderVisitCancelled",
    "quoted": "WorkOrderQuoted",
    "quote_accepted": "WorkOrderQuoteAccepted",
    "quote_declined": "WorkOrderQuoteDeclined",
    "quote_withdrawn": "WorkOrderQuoteWithdrawn",
    "quote_lapsed": "WorkOrderQuoteLapsed",
    "quote_taken": "WorkOrderQuoteAccepted",
    "confirmed": "WorkOrderQuoteAnswerConfirmed",
    "objected": "WorkOrderQuoteAnswerObjected",
}
PRIORITIES = ("urgent", "high", "normal", "low")
REASONS = ("parts", "resident_absent", "supplier", "other")
# by situation: what may come, the likelier the oftener it stands here
NEXT: dict[str, tuple[str, ...]] = {
    "submitted": ("dispatched", "dispatched", "dispatched", "prioritised", "declined", "cancelled",
                  "merged", "deferred"),
    "put_off": ("resumed", "resumed", "deferred", "prioritised", "declined", "cancelled", "merged"),
    "waiting": ("started", "started", "paused", "deferred", "handed_back", "transferred",
                "repaired", "prioritised", "declined", "merged"),
    "working": ("repaired", "repaired", "repaired", "paused", "paused", "deferred", "handed_back",
                "transferred", "prioritised", "merged"),
    "paused": ("resumed", "resumed", "resumed", "deferred", "transferred", "handed_back",
               "prioritised", "declined", "merged"),
    "merged": ("unmerged", "unmerged", "appealed"),
    "repaired": ("accepted", "accepted", "rejected"),
    "accepted": ("reopened",),
    "declined": ("appealed",),
    "cancelled": (),
}  # fmt: skip
AFTER = {
    "submitted": "submitted",
    "dispatched": "waiting",
    "started": "working",
    "paused": "paused",
    "handed_back": "submitted",
    "transferred": "waiting",
    "repaired": "repaired",
    "accepted": "accepted",
    "rejected": "waiting",
    "declined": "declined",
    "appealed": "submitted",
    "cancelled": "cancelled",
    "reopened": "waiting",
    "merged": "merged",
}
# where visits and quotes are spoken of, and how often instead of what else may come
TALKING = frozenset({"submitted", "put_off", "waiting", "paused", "working"})
TALK = 0.4
LATER = (20, 45, 90, 240, 600, 1500, 3000)


def life(rng: random.Random, start: datetime, *, most: int = 12) -> list[Event]:
    """One order's events, each some minutes after the one before."""
    events: list[Event] = [(start, "submitted", rng.choice(PRIORITIES))]
    situation, before_pause, before_merge, at = "submitted", "waiting", "submitted", start
    talk = _Talk(rng)
    for _ in range(rng.randint(0, most)):
        if not NEXT[situation]:
            break
        at += timedelta(minutes=rng.choice((1, 7, 30, 90, 240, 600, 1500)) + rng.randint(0, 20))
        if situation in TALKING and rng.random() < TALK:
            name, detail = talk.next(at, working=situation == "working")
            events.append((at, name, detail))
            if name == "quoted" and situation == "working":
                situation = "waiting"
            continue
        name, detail = rng.choice(NEXT[situation]), None
        if name in ("started", "repaired") and talk.quote:
            name, detail = "quote_accepted", None
            talk.quote = False
            events.append((at, name, detail))
            continue
        if name == "prioritised":
            detail = rng.choice(PRIORITIES)
        elif name == "paused":
            detail, before_pause = rng.choice(REASONS), situation
        elif name == "merged":
            before_merge = situation
        elif name == "deferred":
            detail, before_pause = "deferred", "waiting"
        talk.hear(name)
        events.append((at, name, detail))
        if name == "deferred":
            situation = "put_off" if situation in ("submitted", "put_off") else "paused"
            continue
        goes_on = "submitted" if situation == "put_off" else before_pause
        back = {"resumed": goes_on, "unmerged": before_merge}
        situation = back.get(name) or AFTER.get(name, situation)
    return events


class _Talk:
    """What is agreed on beside the work: times for a visit, and its price."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.visit = "none"
        self.starts: datetime | None = None
        self.quote = False
        self.quotes = self.taken = 0

    def next(self, at: datetime, *, working: bool) -> tuple[str, Any]:
        if working or self.rng.random() < 0.4:
            return self._price(at)
        return self._time(at)

    def _price(self, at: datetime) -> tuple[str, Any]:
        if self.taken and self.rng.random() < 0.6:
            name, number = self.rng.choice(("confirmed", "objected")), self.taken
            self.quote, self.taken = self.quote or name == "objected", 0
            return name, number
        names = ("quote_accepted", "quote_declined", "quote_withdrawn", "quote_lapsed", "quoted",
                 "quote_taken", "quote_taken")  # fmt: skip
        name = self.rng.choice(names) if self.quote else "quoted"
        self.quote = name == "quoted"
        if name == "quote_taken":
            self.taken = self.quotes
            return name, (self.quotes, self._later(at))
        if name != "quoted":
            return name, None
        self.quotes += 1
        who = self.rng.choice(("owner", "committee", "company"))
        return name, (self._later(at), who, self.quotes)

    def _time(self, at: datetime) -> tuple[str, Any]:
        starts = self._later(at)
        if self.visit == "agreed":
            if self.starts is not None and self.starts <= at and self.rng.random() < 0.7:
                self.visit = "none"
                return "missed", None
            if self.rng.random() < 0.3:
                self.visit = "none"
                return "called_off", None
            self.starts = starts
            return "moved", (starts, self.rng.choice(("resident", "company")))
        if self.visit == "offered" and self.rng.random() < 0.7:
            self.visit, self.starts = "agreed", starts
            return "chosen", starts
        self.visit = "offered"
        return "offered", (starts, self._later(starts))

    def hear(self, name: str) -> None:
        if name in ("started", "repaired", "declined", "cancelled"):
            self.visit = "none"
        if name in ("declined", "cancelled"):
            self.quote = False

    def _later(self, at: datetime) -> datetime:
        return at + timedelta(minutes=self.rng.choice(LATER) + self.rng.randint(0, 30))


def happenings(events: Sequence[Event]) -> list[Happening]:
    found = []
    for at, name, detail in events:
        keys = {"kind": "repair", "category": "plumbing", "reporter": "li", "accepter": "li"}
        more, actor = _data(name, detail)
        one = happening(WIRE[name], {**keys, **more}, at, actor)
        assert one is not None, name
        found.append(one)
    return found


def _data(name: str, detail: Any) -> tuple[dict[str, Any], str]:
    """What the event says, and who did it."""
    match name:
        case "submitted" | "prioritised":
            return {"priority": detail}, "sun"
        case "paused":
            return {"reason": detail}, "wang"
        case "offered":
            first, last = (each.isoformat() for each in detail)
            return {"windows": [{"starts": first, "ends": last}]}, "sun"
        case "chosen":
            return {"starts": detail.isoformat()}, "li"
        case "moved":
            starts, by = detail
            return {"starts": starts.isoformat()}, "li" if by == "resident" else "wang"
        case "quoted":
            until, who, number = detail
            payer = "fund" if who == "committee" else who
            answerer = {"answerer": who} if who == "committee" else {}
            quote = {"valid_until": until.isoformat(), "payer": payer, "quote": number}
            return {**quote, **answerer}, "wang"
        case "quote_taken":
            number, until = detail
            return {"quote": number, "objection_until": until.isoformat()}, "sun"
        case "confirmed" | "objected":
            return {"quote": detail}, "li"
    return {}, "sun"
