"""The board of open orders, and sending a technician to many of them at once."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _

from services.gateway.board.filters import LANES, UNANSWERED, WAITS, Filters
from services.gateway.board.suggestions import suggestions
from services.gateway.frame import formats, forms, live, words
from services.gateway.frame.communities import held, holding, mine
from services.gateway.frame.edge import edge
from services.gateway.frame.forms import Form
from services.gateway.frame.messages import told
from services.gateway.frame.navigation import BOARD, CANNED_ANSWERS
from services.gateway.orders import places
from services.gateway.rpc.problems import STATUS
from services.gateway.sessions import seen
from services.gateway.sessions.calls import command, query
from services.gateway.sessions.visitor import Visitor, the_visitor
from shared.errors import Busy, TimedOut, Unavailable, WuyeError, from_string
from shared.identity.caller import EVERY

Data = dict[str, Any]
# orders a lane shows; its number tells how many there are
MOST = 50
# after which the board is shown anew, whatever has happened
ANEW_SECONDS = 300
_NUMBER = re.compile(r"[RC]-\d{4}-\d{1,12}")

blueprint = Blueprint("board", __name__, template_folder="templates")


def dispatcher() -> Visitor:
    """Raises ``Forbidden`` where the person looks after nobody's orders."""
    return holding(BOARD, "The board is for those who dispatch.")


@blueprint.get("/board")
def index() -> Any:
    who = dispatcher()
    return _page(Filters.read(request.args, held(who, BOARD)), Form("dispatch"))


@blueprint.post("/board/dispatch")
def dispatch() -> Any:
    """Each order by itself: what is refused stops none of the others."""
    who = dispatcher()
    form = Form("dispatch", request.form)
    filters = Filters.read(request.args, held(who, BOARD))
    chosen, technician = form.texts("order"), form.text("technician")
    if not chosen or not technician:
        return _page(filters, form, _("Choose the orders, and who is to go.")), 400
    try:
        outcomes = _sent(who, form, chosen, technician)
    except WuyeError as error:
        failed = Form("dispatch", request.form, error)
        return _page(filters, failed, told(error)), STATUS.get(error.code, 500)
    return render_template(
        "board/outcome.html",
        outcomes=outcomes,
        sent=sum(one["error"] is None for one in outcomes),
        technician=edge().directory.names([technician]).get(technician, ""),
        back=url_for("board.index", **filters.address()),
    )


@blueprint.post("/board/send")
def send() -> Any:
    """The one who is suggested for an order, and back to the board."""
    who = dispatcher()
    form = Form("dispatch", request.form)
    filters = Filters.read(request.args, held(who, BOARD))
    try:
        (outcome,) = _sent(who, form, [form.text("order")], form.text("technician"))
    except WuyeError as error:
        return _page(filters, Form("dispatch"), told(error)), STATUS.get(error.code, 500)
    if outcome["error"] is not None:
        refused = f"{outcome['number']}: {outcome['error']}"
        return _page(filters, Form("dispatch"), refused), 409
    return redirect(url_for("board.index", sent=outcome["number"], **filters.address()), 303)


def _sent(who: Visitor, form: Form, chosen: list[str], technician: str) -> list[Data]:
    """What became of each. The same form sent again does nothing twice."""
    forms.check()
    orders = [one.partition(" ")[::2] for one in dict.fromkeys(chosen)]
    items = [
        {
            "method": "dispatch",
            "auth_token": who.token,
            "request": {
                "id": order,
                "technician": technician,
                "command_id": str(uuid5(UUID(form.id), order)),
            },
        }
        for order, _number in orders
    ]
    answers = command("workorders", "batch", {"items": items})["items"]
    outcomes = []
    for (order, number), answer in zip(orders, answers, strict=True):
        seen.remember(answer.get("ok", {}))
        error = from_string(json.dumps(answer["error"])) if "error" in answer else None
        outcomes.append(
            {
                "number": number,
                "community": order.partition(".")[0],
                "error": None if "ok" in answer else told(error or WuyeError("It failed.")),
            }
        )
    return outcomes


def _page(filters: Filters, form: Form, failed: str = "") -> Any:
    directory, now = edge().directory, edge().clock.now()
    found = query("workorders", "board", {**filters.question(directory, now), "limit": MOST})
    mark = _mark(found, now)
    if live.unchanged(mark):
        return "", 304
    lanes = {one["lane"]: one for one in found["lanes"]}
    names = directory.names(
        order["technician"] for one in found["lanes"] for order in one["orders"]
    )
    return render_template(
        "board/index.html",
        filters=filters,
        form=form,
        failed=failed,
        lanes=[
            (
                name,
                label,
                lanes[name]["count"] if name in lanes else 0,
                [shown(order, names, now) for order in lanes[name]["orders"]]
                if name in lanes
                else [],
            )
            for name, label in LANES.items()
        ],
        suggestions=suggestions(
            order["id"] for order in lanes.get("submitted", {"orders": []})["orders"]
        ),
        mark=mark,
        sent=_number(request.args.get("sent", "")),
        chosen=set(form.texts("order")),
        every=request.args.get("all") == "1",
        waits=WAITS,
        communities=mine(the_visitor(), BOARD),
        buildings=_buildings(filters),
        categories=words.CATEGORIES,
        technicians=_technicians(filters),
        keeps_answers=not CANNED_ANSWERS.isdisjoint(the_visitor().roles()),
        now=now,
        zone=_zone(filters),
        late_now=found["behind"],
        most=MOST,
    )


def _mark(found: Data, now: datetime) -> str:
    """New with the orders and their clocks, and now and then: it says how long ago things were."""
    clocks = [
        order["clock"] and order["clock"]["state"]
        for lane in found["lanes"]
        for order in lane["orders"]
    ]
    counts = [lane["count"] for lane in found["lanes"]]
    orders = (order for lane in found["lanes"] for order in lane["orders"])
    return live.mark_of(
        orders, clocks, counts, found["behind"], int(now.timestamp()) // ANEW_SECONDS
    )


def _number(text: str) -> str:
    return text if _NUMBER.fullmatch(text) else ""


def shown(order: Data, names: dict[str, str], now: Any) -> Data:
    """An order of the board as a card shows it."""
    directory = edge().directory
    age = now - formats.when(order["submitted_at"])
    clock = order["clock"]
    return {
        **order,
        "zone": directory.community(order["community"]).zone,
        "community_name": directory.community(order["community"]).name,
        "place": places.label(directory, order),
        "technician_name": names.get(order["technician"] or ""),
        "late": clock is not None and clock["state"] == "overdue",
        "at_risk": clock is not None and clock["state"] == "at_risk",
        "due": formats.when(clock["due"]) if clock is not None and clock["due"] else None,
        "unanswered": order["state"] == "submitted" and age > UNANSWERED,
    }


def _zone(filters: Filters) -> Any:
    return edge().directory.community(filters.community).zone if filters.community else edge().zone


def _buildings(filters: Filters) -> list[tuple[str, str]]:
    directory = edge().directory
    names = [filters.community] if filters.community else list(directory.communities())
    return [pair for name in names for pair in directory.buildings(name).items()]


def _technicians(filters: Filters) -> list[tuple[str, str]]:
    """Id and name of each, with what they have in hand; those with least first."""
    directory = edge().directory
    names = [filters.community] if filters.community else list(directory.communities())
    loads = _loads(filters.community)
    found = {}
    for name in names:
        for person in directory.people(name):
            if any(
                role == "technician" and where in (name, EVERY) for role, where, _ in person.posts
            ):
                found[person.id] = (sum(loads.get(person.id, {}).values()), person.name)
    return [
        (id_, _in_hand(name, loads.get(id_)) if loads or found else name)
        for id_, (_count, name) in sorted(found.items(), key=lambda one: one[1])
    ]


def _loads(community: str | None) -> dict[str, dict[str, int]]:
    """Empty where it cannot be had: people can be sent without."""
    try:
        found: dict[str, dict[str, int]] = query(
            "workorders", "loads", {"community": community} if community else {}
        )["loads"]
        return found
    except (Busy, TimedOut, Unavailable):
        return {}


def _in_hand(name: str, load: dict[str, int] | None) -> str:
    if not load:
        return _("%(name)s: nothing in hand", name=name)
    return _(
        "%(name)s: %(count)s in hand, %(working)s in progress",
        name=name,
        count=formats.number(sum(load.values())),
        working=formats.number(load["working"]),
    )
