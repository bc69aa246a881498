"""The quotes that wait for the visitor's answer; each is answered on its order's page."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from services.gateway.frame.edge import edge
from services.gateway.orders import places
from services.gateway.sessions.calls import query
from services.gateway.sessions.visitor import the_visitor

Data = dict[str, Any]

blueprint = Blueprint("quotes", __name__, template_folder="templates")


@blueprint.get("/quotes")
def index() -> Any:
    who = the_visitor()
    found = query("workorders", "quotes", {})
    return render_template(
        "quotes/index.html",
        quotes=[_shown(one) for one in found["quotes"]],
        committee="committee" in who.roles(),
        staff=who.is_staff,
        late_now=found["behind"],
    )


def _shown(quote: Data) -> Data:
    directory = edge().directory
    community = directory.community(quote["id"].partition(".")[0])
    return {
        **quote,
        "community": community.id,
        "community_name": community.name,
        "zone": community.zone,
        "place": places.label(directory, quote),
    }
