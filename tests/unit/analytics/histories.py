"""Random but possible histories of orders, as facts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from services.workorders.orders.domain.links import Origin
from shared.messaging.envelope import Fact
from tests.support.order_facts import (
    BUILDING,
    CHEN,
    LI,
    MEI,
    OTHER_BUILDING,
    QIAN,
    SUN,
    WANG,
    ident,
    order_fact,
)

START = datetime(2026, 2, 27, 3, 0, tzinfo=UTC)
Move = tuple[str, str]
# what may follow, by state: the event and the state after it
MOVES: dict[str, tuple[Move, ...]] = {
    "submitted": (
        ("Dispatched", "dispatched"),
        ("Dispatched", "dispatched"),
        ("Declined", "declined"),
        ("Cancelled", "cancelled"),
        ("Merged", "merged"),
    ),
    "dispatched": (
        ("Repaired", "repaired"),
        ("Repaired", "repaired"),
        ("Transferred", "dispatched"),
        ("HandedBack", "submitted"),
        ("Merged", "merged"),
    ),
    "merged": (("Unmerged", "unmerged"), ("Unmerged", "unmerged"), ("Appealed", "submitted")),
    "repaired": (("Accepted", "accepted"), ("Accepted", "accepted"), ("Rejected", "dispatched")),
    "accepted": (("Rated", "rated"), ("Rated", "rated"), ("Reopened", "dispatched")),
    "rated": (("Reopened", "dispatched"),),
    "declined": (("Appealed", "submitted"),),
    "cancelled": (),
}
ACTORS = {"Accepted": LI, "Rejected": LI, "Rated": LI, "Reopened": LI, "Repaired": WANG}


@st.composite
def histories(draw: Callable[[st.SearchStrategy[Any]], Any]) -> list[Fact]:
    """Up to 6 orders with up to 12 events each, ordered by time within each order."""
    facts: list[Fact] = []
    for number in range(draw(st.integers(1, 6))):
        facts += draw(_history(number))
    return facts


@st.composite
def _history(draw: Callable[[st.SearchStrategy[Any]], Any], number: int) -> list[Fact]:
    order = ident(f"order {number}", draw(st.sampled_from(["garden", "river"])))
    keys: dict[str, Any] = {
        "number": f"R-2026-{number:06d}",
        "building": draw(st.sampled_from([BUILDING, OTHER_BUILDING, None])),
        "category": draw(st.sampled_from(["plumbing", "lift"])),
        "accepter": draw(st.sampled_from([LI, MEI])),
    }
    moment = START + timedelta(hours=draw(st.integers(0, 24 * 40)))
    if draw(st.integers(0, 7)) == 0:
        closed = draw(st.booleans())
        return [
            order_fact(
                "Imported",
                "service:operator",
                order=order,
                at=moment,
                **{**keys, "accepter": None, "reporter": None},
                submitted_at=moment - timedelta(days=draw(st.integers(1, 50))),
                state="repaired" if closed else "submitted",
                closed_at=moment if closed else None,
            )
        ]
    staff = draw(st.integers(0, 5)) == 0
    kind = {"accepter_kind": "staff" if staff else "resident"}
    again = Origin(relation="follows_up", id=ident("older order"), number="R-2025-000001")
    part = Origin(relation="part_of", id=ident("whole order"), number="R-2026-000099")
    origin = {"origin": draw(st.sampled_from([None, None, again, part]))}
    facts = [order_fact("Submitted", LI, order=order, at=moment, **keys, **kind, **origin)]
    state, technician = "submitted", None
    before_merge: tuple[str, str | None] = ("submitted", None)
    for version in range(2, 2 + draw(st.integers(0, 11))):
        if not MOVES[state]:
            break
        before = state, technician
        name, state = draw(st.sampled_from(MOVES[state]))
        moment += timedelta(seconds=draw(st.integers(0, 400_000)))
        more: dict[str, Any] = {}
        if name in ("Dispatched", "Transferred"):
            technician = draw(st.sampled_from([WANG, CHEN]))
        if name == "Merged":
            before_merge = before
        if name == "Unmerged":
            state, technician = before_merge
            more = {"state": state}
        if name == "Rated":
            more = {"stars": draw(st.integers(1, 5)), "speed": draw(st.sampled_from([None, 3]))}
        actor = ACTORS.get(name, SUN)
        if name in ("Accepted", "Rated"):
            actor = keys["accepter"]
        if name == "Accepted" and (staff or draw(st.integers(0, 5)) == 0):
            more, actor = {"checked": True}, QIAN
            if state == "accepted":
                state = "checked"
        facts.append(
            order_fact(
                name,
                actor,
                order=order,
                version=version,
                at=moment,
                **{**keys, "technician": technician, **more},
            )
        )
        if name in ("HandedBack", "Declined", "Merged"):
            technician = None
        if name == "Merged" and draw(st.booleans()):
            break
    return facts


MOVES["checked"] = (("Reopened", "dispatched"),)
