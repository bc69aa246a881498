"""My work: what waits for a technician, in the order of the way, what may be taken from the pool,
and what is done today.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for

from services.gateway.frame import formats, forms, live, offline
from services.gateway.frame.edge import edge
from services.gateway.frame.forms import COMMAND, Form
from services.gateway.frame.messages import told
from services.gateway.orders import places, visiting
from services.gateway.orders.acts import ACTS
from services.gateway.rpc.problems import STATUS
from services.gateway.sessions.calls import command, queries, query
from services.gateway.sessions.visitor import Visitor, the_visitor
from services.gateway.work import pool
from services.gateway.work.route import by_building
from services.gateway.work.stars import keep, starred
from shared.errors import Forbidden, NotFound, WuyeError

Data = dict[str, Any]
MOST = 60
TECHNICIAN = "technician"
# done with one touch; everything else has a form on the order's own page
ONE_TOUCH = ("start", "resume")
_NAME = re.compile(r"[a-z][a-z0-9-]{1,31}/[RC]-\d{4}-\d{1,12}")

blueprint = Blueprint("work", __name__, template_folder="templates")


@blueprint.get("/work")
def index() -> Any:
    return _page()


def _page(failed: str = "") -> Any:
    who = _technician()
    replies = pool.asked(who)
    ask = {
        "state": ["dispatched", "repaired"],
        "mine": True,
        "technician": who.person,
        "limit": MOST,
    }
    page = query("workorders", "list", ask)
    free = pool.orders(replies)
    stars = starred()
    mark = live.mark_of(
        page["orders"], stars, page["behind"], [one["id"] for one in free.orders], free.missing
    )
    if live.unchanged(mark):
        return "", 304
    waiting = [order for order in page["orders"] if order["state"] == "dispatched"]
    details = queries("workorders", "get", [{"id": order["id"]} for order in waiting])
    known = {one["id"]: one for one in details if one is not None}
    names = edge().directory.names(order["reporter"] for order in waiting)
    shown = [_shown(order, known.get(order["id"]), names, stars) for order in waiting]
    response = make_response(
        render_template(
            "work/index.html",
            visits=sorted(
                (order for order in shown if order["today"]),
                key=lambda order: str(order["visit"]["window"]["starts"]),
            ),
            starred=[
                order
                for stop in by_building(shown)
                for order in stop.orders
                if order["starred"] and not order["today"]
            ],
            stops=by_building(
                order for order in shown if not order["starred"] and not order["today"]
            ),
            count=len(shown),
            pool=free.orders,
            pool_missing=free.missing,
            failed=failed,
            done=[_shown(one, None, {}, ()) for one in page["orders"] if _repaired_today(one)],
            acts=ACTS,
            late_now=page["behind"],
            mark=mark,
        )
    )
    return offline.kept(response, mark)


@blueprint.post("/work/star")
def star() -> Any:
    """Put an order on the shortlist, or take it off."""
    _technician()
    forms.check()
    name = request.form.get("order", "")
    if not _NAME.fullmatch(name):
        raise NotFound("There is no such order.")
    names = starred()
    others = [one for one in names if one != name]
    response = redirect(url_for("work.index"), 303)
    keep(response, others if name in names else [*names, name])
    return response


@blueprint.post("/work/grab")
def grab() -> Any:
    """Take an order from the pool; who comes second is told so."""
    _technician()
    form = Form("grab", request.form)
    order = form.text("order")
    try:
        answer = command("workorders", "grab", {"id": order, COMMAND: form.id})
    except WuyeError as error:
        return _page(told(error)), STATUS.get(error.code, 500)
    community = order.partition(".")[0]
    return redirect(
        url_for("orders.show", community=community, number=answer["number"], done="grab"), 303
    )


@blueprint.get("/work/now")
def now() -> Any:
    """For what was kept on the device and is sent later: this session's token, and the time."""
    _technician()
    return {"csrf": forms.token(), "now": edge().clock.now().isoformat()}


def _technician() -> Visitor:
    who = the_visitor()
    if TECHNICIAN not in who.roles():
        raise Forbidden("None of your posts is a technician's.", reason="not_your_role")
    return who


def _shown(
    order: Data, detail: Data | None, names: Mapping[str, str], stars: list[str] | tuple[str, ...]
) -> Data:
    directory = edge().directory
    community = directory.community(order["community"])
    unit = directory.unit(order["community"], order["unit"])
    name = f"{order['community']}/{order['number']}"
    allowed = detail["allowed"] if detail else []
    return {
        **order,
        "name": name,
        "zone": community.zone,
        "community_name": community.name,
        "building_name": directory.building(order["community"], order["building"]) or "",
        "door": unit.code if unit else "",
        "place": places.label(directory, order),
        "description": detail["description"] if detail else None,
        "reporter_name": names.get(order["reporter"] or ""),
        "starred": name in stars,
        "visit": detail["visit"] if detail else None,
        "today": visiting.today(detail["visit"] if detail else None, community.zone),
        "act": next((act for act in ONE_TOUCH if act in allowed), None),
    }


def _repaired_today(order: Data) -> bool:
    zone = edge().directory.community(order["community"]).zone
    day = formats.when(order["changed_at"]).astimezone(zone).date()
    return order["state"] == "repaired" and day == edge().clock.now().astimezone(zone).date()
