"""Facts of work orders and of the register, as other services get them.

Made from the events' own structs, so that a renamed field is noticed by who reads it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_OID, uuid5

import msgspec

from services.security.accounts.domain import events as accounts
from services.security.register.domain import events as register
from services.workorders.orders.domain import events as orders
from services.workorders.sla.domain import events as sla
from shared.eventlog.records import event_id
from shared.messaging.envelope import Fact
from shared.testing.scenario import NOON

COMMUNITY = "garden"


def ident(name: str, community: str = COMMUNITY) -> str:
    """An id as people, places and orders have it, the same for the same name."""
    return f"{community}.{uuid5(NAMESPACE_OID, name)}"


ORDER = ident("order")
BUILDING = ident("building 1")
OTHER_BUILDING = ident("building 2")
UNIT = ident("unit 101")
LI, MEI, WANG, CHEN = ident("li"), ident("mei"), ident("wang"), ident("chen")
SUN, QIAN, BOSS = ident("sun"), ident("qian"), ident("boss")


def fact(
    event: Any,
    *,
    stream: str,
    log: str,
    actor: str,
    version: int = 1,
    at: datetime = NOON,
    recorded: datetime | None = None,
) -> Fact:
    """``at`` is when it happened, ``recorded`` when that was written down, if later."""
    name = type(event).__name__
    data = msgspec.json.decode(msgspec.json.encode(event))
    return Fact(
        id=event_id(stream, version, name),
        log=log,
        position=0,
        type=name,
        schema=1,
        subject=stream,
        version=version,
        community=stream.partition(".")[0],
        time=recorded or at,
        occurred_at=at,
        actor=actor,
        command_id=f"command-{version}",
        correlation_id=f"correlation-{version}",
        data=data,
    )


_VISIT: dict[str, Any] = {
    "starts": NOON,
    "ends": NOON + timedelta(hours=2),
    "zone": "Asia/Shanghai",
}
_QUOTE: dict[str, Any] = {"quote": 1, "payer": "owner", "total_fen": 5000}
_MORE: dict[str, dict[str, Any]] = {
    "Submitted": {
        "accepter_kind": "resident",
        "channel": "page",
        "taken_by": None,
        "description": "漏水",
    },
    "Imported": {
        "channel": "import",
        "source": "311",
        "source_id": "1",
        "submitted_at": NOON,
        "closed_at": None,
        "status": "Open",
        "state": "submitted",
        "description": None,
    },
    "Paused": {"reason": "parts", "note": None},
    "Resumed": {"activity": "working"},
    "HandedBack": {"reason": "too high"},
    "Transferred": {"from_technician": WANG, "reason": None},
    "Repaired": {"notes": "done", "minutes": 5, "materials": (), "charge_fen": 0, "photos": ()},
    "Accepted": {"charge_fen": 0, "checked": False},
    "Rejected": {"reason": "still drips"},
    "Declined": {"reason": "not_ours", "note": "no", "duplicate_of": None},
    "Appealed": {"text": "please"},
    "Rated": {"stars": 5, "speed": None, "attitude": None, "comment": None},
    "RatingAnswered": {"text": "sorry", "revised": False},
    "Reopened": {"reason": "drips again"},
    "SubOrderAdded": {
        "sub_order": ident("part"),
        "sub_number": "R-2026-000002",
        "sub_kind": "repair",
        "sub_category": "electrical",
        "description": "改线",
        "priority": "normal",
    },
    "SubOrderFinished": {
        "sub_order": ident("part"),
        "sub_number": "R-2026-000002",
        "sub_state": "repaired",
        "sub_technician": CHEN,
        "left": 0,
    },
    "Merged": {"into": ident("other order"), "into_number": "R-2026-000002"},
    "Unmerged": {
        "into": ident("other order"),
        "into_number": "R-2026-000002",
        "state": "dispatched",
        "activity": "waiting",
    },
    "Quoted": {**_QUOTE, "lines": (), "replaces": None, "note": None, "valid_until": NOON},
    "Deferred": {"until": NOON, "reason": "away", "zone": "Asia/Shanghai"},
    "VisitsOffered": {"offer": 1, "windows": (), "zone": _VISIT["zone"]},
    "VisitChosen": {**_VISIT, "offer": 1},
    "VisitMoved": {
        **_VISIT,
        "from_starts": NOON,
        "from_ends": NOON + timedelta(hours=1),
        "reason": None,
    },
    "VisitMissed": {**_VISIT, "note": None},
    "VisitCancelled": {**_VISIT, "reason": None},
    "VisitReminded": _VISIT,
    "QuoteAccepted": _QUOTE,
    "QuoteAnswerConfirmed": {"quote": 1, "answered": "accepted"},
    "QuoteAnswerObjected": {"quote": 1, "answered": "accepted", "reason": None},
    "QuoteDeclined": {**_QUOTE, "reason": None},
    "QuoteWithdrawn": _QUOTE,
    "QuoteLapsed": {**_QUOTE, "valid_until": NOON},
}


def order_fact(
    name: str,
    actor: str,
    *,
    order: str = ORDER,
    version: int = 1,
    at: datetime = NOON,
    recorded: datetime | None = None,
    **changes: Any,
) -> Fact:
    """``name`` is the event's without ``WorkOrder``. Li's repair in unit 101, done by wang."""
    if name == "Escalated":
        return _escalated(actor, order, version, at, changes)
    cls = orders.EVENTS[f"WorkOrder{name}"][1]
    keys = {
        "number": "R-2026-000001",
        "kind": "repair",
        "category": "plumbing",
        "building": BUILDING,
        "unit": UNIT,
        "reporter": LI,
        "accepter": LI,
        "technician": None if name in ("Submitted", "Imported") else WANG,
        **_MORE.get(name, {}),
    }
    if name in ("Submitted", "Imported"):
        keys["id"] = order
    if name == "Submitted":
        keys["author"] = changes.get("reporter") or LI
    event = cls(**{**keys, **changes})
    return fact(
        event,
        stream=order,
        log="workorders",
        actor=actor,
        version=version,
        at=at,
        recorded=recorded,
    )


def _escalated(actor: str, order: str, version: int, at: datetime, changes: dict[str, Any]) -> Fact:
    usual = {
        "order": order,
        "number": "R-2026-000001",
        "kind": "repair",
        "category": "plumbing",
        "building": BUILDING,
        "unit": UNIT,
        "technician": WANG,
        "priority": "normal",
        "target": "repair",
        "run": 1,
        "percent": 100,
        "up": 1,
        "due_at": at,
        "target_due": at,
        "whom": (),
        "role": "supervisor",
    }
    event = sla.WorkOrderEscalated(**{**usual, **changes})
    stream = ident(f"escalations of {order}")
    return fact(event, stream=stream, log="workorders", actor=actor, version=version, at=at)


def registered(person: str, language: str = "zh-CN") -> Fact:
    event = register.PersonRegistered(
        person=person, community=COMMUNITY, name=None, phone=None, language=language
    )
    return fact(event, stream=person, log="security", actor="boss")


def forgotten(person: str) -> Fact:
    event = register.PersonForgotten(person=person, community=COMMUNITY)
    return fact(event, stream=person, log="security", actor="boss", version=2)


def granted(
    person: str, role: str, community: str = COMMUNITY, buildings: tuple[str, ...] | None = None
) -> Fact:
    return fact(
        accounts.PostGranted(**_post(person, role, community, buildings), team=None, superior=None),
        stream=ident(f"account {person}", "_"),
        log="security",
        actor="boss",
    )


def withdrawn(person: str, role: str, community: str = COMMUNITY) -> Fact:
    return fact(
        accounts.PostWithdrawn(**_post(person, role, community, None)),
        stream=ident(f"account {person}", "_"),
        log="security",
        actor="boss",
        version=2,
    )


def community_registered(timezone: str = "Asia/Shanghai") -> Fact:
    event = register.CommunityRegistered(
        community=COMMUNITY, name="花园", timezone=timezone, language="zh-CN"
    )
    return fact(event, stream=ident("community"), log="security", actor="boss")


def _post(
    person: str, role: str, community: str, buildings: tuple[str, ...] | None
) -> dict[str, Any]:
    return {
        "post": ident(f"{person} {role} {community}", "_"),
        "account": ident(f"account {person}", "_"),
        "person": person,
        "role": role,
        "community": community,
        "buildings": buildings,
    }
