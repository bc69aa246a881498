"""The orders that run out of the promised time, or have."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from services.gateway.board.pages import dispatcher
from services.gateway.frame import communities, formats, words
from services.gateway.frame.edge import edge
from services.gateway.frame.navigation import BOARD
from services.gateway.orders import places
from services.gateway.sessions.calls import query

Data = dict[str, Any]

blueprint = Blueprint("at_risk", __name__, template_folder="templates")


@blueprint.get("/board/at-risk")
def index() -> Any:
    mine, community = communities.chosen(dispatcher(), BOARD)
    found = query("workorders", "at_risk", {"community": community.id})
    names = edge().directory.names(one["technician"] for one in found["orders"])
    return render_template(
        "board/at_risk.html",
        communities=mine,
        community=community,
        zone=community.zone,
        at=found["at"],
        overdue=found["overdue"],
        at_risk=found["at_risk"],
        orders=[_shown(one, names) for one in found["orders"]],
        more=found["more"],
        percent=found["percent"],
        late_now=found["behind"],
    )


def _shown(one: Data, names: dict[str, str]) -> Data:
    left = one["remaining_seconds"]
    return {
        **one,
        "place": places.label(edge().directory, one),
        "technician_name": names.get(one["technician"] or ""),
        "target_label": words.TARGETS[one["target"]].staff,
        "length": formats.length(abs(left or 0)),
        "stopped": words.STOP_REASONS[one["stopped_by"]] if one["stopped_by"] else None,
    }
