"""An order's follow-ups, for the staff who look after it: the one that is due, and steps of the
others for the timeline.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask_babel import gettext as _

from services.gateway.follow_ups.words import REASONS, answer_of
from services.gateway.frame import formats
from services.gateway.frame.edge import edge
from services.gateway.frame.navigation import BOARD
from services.gateway.orders.parts import Part, quote
from services.gateway.orders.reader import Reader
from services.gateway.orders.timeline import Step
from services.gateway.sessions.calls import query
from services.gateway.sessions.visitor import the_visitor
from shared.errors import WuyeError

Data = dict[str, Any]


def of(order: Data) -> Data | None:
    """None where it is not for the reader, or cannot be had now."""
    if BOARD.isdisjoint(the_visitor().roles()):
        return None
    try:
        return query("workorders", "order_follow_ups", {"id": order["id"]})
    except WuyeError:
        return None


def due(order: Data, found: Data | None) -> Data | None:
    """The one that the reader may record now, with the number to call."""
    if found is None or not found["may_record"]:
        return None
    one = found["follow_ups"][-1]
    return {
        **one,
        "why": REASONS[one["reason"]],
        "late": formats.when(one["due_at"]) < edge().clock.now(),
        "phone": _phone(order["accepter"]),
    }


def people(found: Data | None) -> set[str]:
    return {each["by"] for one in (found or {}).get("follow_ups", ()) for each in one["tries"]}


def steps(reader: Reader, found: Data | None) -> Iterator[Step]:
    """What was asked for, and each try, as the timeline shows it."""
    for one in (found or {}).get("follow_ups", ()):
        yield _step(
            "FollowUpDue",
            "phone",
            _("Follow-up asked for"),
            _("The system"),
            one["asked_at"],
            [
                Part(_("Reason"), str(REASONS[one["reason"]])),
                Part(_("Stars"), one["stars"], "stars") if one["stars"] else None,
            ],
        )
        for each in one["tries"]:
            noted = each["satisfied"] is False or bool(each["notes"])
            yield _step(
                "FollowUpRecorded",
                "phone",
                _("Followed up"),
                reader.who(each["by"]),
                each["at"],
                [
                    Part(_("What they said"), str(answer_of(each))),
                    quote(_("Notes"), each["notes"], needed=noted),
                ],
            )


def _step(event: str, icon: str, title: str, who: str, at: str, parts: list[Part | None]) -> Step:
    return Step(
        event=event,
        version=None,
        icon=icon,
        tone="accepted",
        title=title,
        who=who,
        at=formats.when(at),
        recorded_at=None,
        parts=[part for part in parts if part is not None],
    )


def _phone(person: str | None) -> str | None:
    """None where it cannot be had: they may be reached otherwise."""
    if person is None:
        return None
    try:
        phone: str | None = query("security", "person", {"person": person})["phone"]
    except WuyeError:
        return None
    return phone
