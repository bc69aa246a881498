"""Where the entries of a person's calendar come from: a function a kind of thing that has times.

Asked as the edge itself, since whoever shows the address has no log-in. No more of an order is told
than where it is, what kind, its number and by when: no name, and nobody's words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from services.gateway.calendars.entries import Entry
from services.gateway.frame import formats
from services.gateway.frame.edge import edge
from services.gateway.frame.words import category
from services.gateway.orders import places
from services.gateway.sessions.calls import as_edge, ask_as_edge
from shared.errors import Forbidden

Data = dict[str, Any]
MOST_ORDERS = 50
# by when people are expected at the place, then by when it must be done
_DUE = ("arrive", "repair")


def shifts_and_leave(person: str) -> Iterator[Entry]:
    """Nothing of those who are no staff."""
    try:
        record = as_edge("workorders", "staff_record", {"person": person})
    except Forbidden:
        return
    for kind, title in (("shifts", _("Shift")), ("leave", _("Leave"))):
        for span in record[kind]:
            yield Entry(
                id=span["id"],
                starts=_moment(span["starts"]),
                ends=_moment(span["ends"]),
                summary=str(title),
                busy=kind == "shifts",
            )


def due_orders(person: str) -> Iterator[Entry]:
    """What the person was sent to, at the time by which it must be done."""
    wanted = {"technician": person, "state": ["dispatched"], "limit": MOST_ORDERS}
    orders = as_edge("workorders", "list", wanted)["orders"]
    asked = [(order, ask_as_edge("workorders", "sla", {"id": order["id"]})) for order in orders]
    for order, reply in asked:
        due = _due(reply.result())
        if due is not None:
            yield Entry(
                id=order["id"],
                starts=due,
                ends=None,
                summary=_(
                    "Due: %(what)s, %(where)s",
                    what=category(order["kind"], order["category"]),
                    where=places.label(edge().directory, order),
                ),
                description=order["number"],
                location=_where(order),
                url=url_for(
                    "orders.show",
                    community=order["community"],
                    number=order["number"],
                    _external=True,
                ),
                busy=False,
            )


# whatever else gets times joins here: visits, bookings, rounds
SOURCES: tuple[Callable[[str], Iterator[Entry]], ...] = (shifts_and_leave, due_orders)


def _due(sla: Data) -> datetime | None:
    """Of the last run of each target, the earliest that is still to be met."""
    open_ = {
        run["target"]: run["due"]
        for run in sla["targets"]
        if run["due"] and run["ended_at"] is None
    }
    found = [_moment(open_[target]) for target in _DUE if target in open_]
    return min(found) if found else None


def _where(order: Data) -> str:
    community = edge().directory.community(order["community"])
    return f"{community.name}, {places.label(edge().directory, order)}"


def _moment(text: str) -> datetime:
    return formats.when(text).astimezone(UTC)
