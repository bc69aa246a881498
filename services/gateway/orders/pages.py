"""The list of orders, one order with its timeline, and what can be done to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

from flask import Blueprint, g, make_response, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from services.gateway.canned_answers import offered
from services.gateway.frame import formats, live, offline
from services.gateway.frame.edge import edge
from services.gateway.frame.forms import COMMAND, Form, for_a_script
from services.gateway.frame.messages import told
from services.gateway.frame.words import TABS
from services.gateway.orders import (
    beside,
    by_when,
    escalations,
    links,
    looking,
    outages,
    places,
    quoting,
    visiting,
)
from services.gateway.orders.acts import ACTS, MATERIAL_ROWS, NEXT_STEPS, rating_with_acceptance
from services.gateway.orders.reader import Reader
from services.gateway.orders.timeline import Step, people_in, steps
from services.gateway.rpc.problems import STATUS
from services.gateway.sessions.asking import Answers
from services.gateway.sessions.calls import ahead, command, query
from services.gateway.sessions.visitor import the_visitor
from services.gateway.uploads import taking
from shared.errors import Busy, NotFound, TimedOut, Unavailable, WuyeError

Data = dict[str, Any]
PAGE = 20
# as the service has it; said on the page, held there

blueprint = Blueprint("orders", __name__, template_folder="templates")


@blueprint.get("/orders")
def index() -> Any:
    who = the_visitor()
    tab = request.args.get("tab", "all")
    states, _ = TABS.get(tab, TABS["all"])
    search = request.args.get("search", "").strip()
    mine = request.args.get("mine") == "1"
    ask: Data = {"state": list(states), "mine": mine, "limit": PAGE}
    if search:
        ask["search"] = search[:30]
    if request.args.get("cursor"):
        ask["cursor"] = request.args["cursor"]
    answers = Answers({} if who.is_staff or tab != "all" or search else looking.FOLLOWED)
    page = query("workorders", "list", ask)
    follows = looking.followed(answers)
    marks = [[one["id"], one["state"]] for one in follows]
    mark = live.mark_of(page["orders"], page["next"], page["behind"], marks)
    if live.unchanged(mark):
        return "", 304
    directory = edge().directory
    names = directory.names(order["technician"] for order in page["orders"])
    return render_template(
        "orders/index.html",
        orders=[_listed(order, names) for order in page["orders"]],
        next=page["next"],
        late_now=page["behind"],
        mark=mark,
        tab=tab if tab in TABS else "all",
        search=search,
        mine=mine,
        staff=who.is_staff,
        followed=follows,
        followed_now=request.args.get("kind") if request.args.get("done") == "follow" else None,
    )


def _listed(order: Data, names: Mapping[str, str]) -> Data:
    directory = edge().directory
    community = directory.community(order["community"])
    return {
        **order,
        "zone": community.zone,
        "community_name": community.name,
        "place": places.label(directory, order),
        "technician_name": names.get(order["technician"] or ""),
    }


@blueprint.get("/orders/<community>/<number>")
def show(community: str, number: str) -> Any:
    the_visitor()
    try:
        order = found(community, number)
    except NotFound:
        if request.args.get("done") != "submit":
            raise
        # The list of numbers follows the log by a moment.
        return render_template("orders/coming.html", number=number), 202
    if not live.asked():
        _ask_ahead(order)
    others = beside.of(order)
    mark = beside.mark(order, others)
    if live.unchanged(mark):
        return "", 304
    response = make_response(_page(order, others=others))
    if order["technician"] == the_visitor().person and "done" not in request.args:
        offline.kept(response, str(order["version"]))
    return response


@blueprint.post("/orders/<community>/<number>/<act>")
@taking.takes_photos
def act(community: str, number: str, act: str) -> Any:
    the_visitor()
    if act not in ACTS:
        raise NotFound("There is no such command.")
    order = found(community, number)
    g.zone = edge().directory.community(community).zone
    form = Form(act, MultiDict(request.form))
    try:
        for field in ACTS[act].photos:
            taking.keep_all(form, field)
        offered.fill(form, order)
        asked = {**ACTS[act].read(form), **links.other(community, form), **_claimed(form)}
        rating = rating_with_acceptance(form)
        answer = command("workorders", act, {"id": order["id"], COMMAND: form.id, **asked})
        if rating is not None:
            # accepted it is, whatever becomes of the rating
            form = Form("rate", _with(form, str(uuid5(UUID(form.id), "rate"))))
            command("workorders", "rate", {"id": order["id"], COMMAND: form.id, **rating})
    except WuyeError as error:
        status = STATUS.get(error.code, 500)
        if for_a_script():
            return {"told": told(error)}, status
        return failed(order, Form(form.name, form.values, error)), status
    # what is reported again is a new order
    number, new = answer["number"], answer["number"] != order["number"]
    done = "submit" if new else form.name
    next_page = url_for("orders.show", community=community, number=number, done=done)
    return {"next": next_page} if for_a_script() else redirect(next_page, 303)


def _claimed(form: Form) -> Data:
    """When it happened, where it was done without a connection and is sent only now."""
    occurred_at = form.text("occurred_at")
    return {"occurred_at": occurred_at} if occurred_at else {}


def _with(form: Form, command_id: str) -> MultiDict[str, str]:
    """The same values, as those of another command."""
    values = MultiDict(form.values)
    values[COMMAND] = command_id
    return values


def found(community: str, number: str) -> Data:
    """The order of this number."""
    return query("workorders", "get", {"community": community, "number": number})


def failed(order: Data, form: Form) -> str:
    """The order's page with what was not taken, and why; ``form`` is one of those on it."""
    return _page(_again(order), form)


def _again(order: Data) -> Data:
    """The order as it is after what failed; as it was where that cannot be asked."""
    try:
        return query("workorders", "get", {"id": order["id"]})
    except WuyeError:
        return order


def _page(order: Data, form: Form | None = None, others: beside.Others | None = None) -> str:
    who = the_visitor()
    if others is None or live.asked():
        _ask_ahead(order)
    directory = edge().directory
    community = directory.community(order["id"].partition(".")[0])
    g.zone = community.zone
    events = _events(order)
    staff = who.is_staff
    judged = by_when.judged(order["id"])
    escalated = judged["escalations"] if judged is not None else []
    others = others or beside.of(order)
    people = people_in(order, events or []) | beside.people(others) | escalations.people(escalated)
    mine = who.person in (order["reporter"], order["accepter"])
    # the owners' committee decides on the fund without knowing whose home it is about
    names = directory.names(people) if staff or mine else {}
    reader = Reader(order, names, who.person, staff=staff)
    allowed = [name for name in ACTS if name in order["allowed"]]
    done = request.args.get("done", "")
    forms = {name: quoting.filled(name, order, community.zone) for name in allowed}
    own = form if form is not None and form.name in ACTS else None
    if own is not None:
        forms[own.name] = own
    return render_template(
        "orders/show.html",
        order=order,
        community=community,
        zone=community.zone,
        place=places.label(directory, order),
        reader=reader,
        staff=staff,
        takes_part=staff or mine,
        steps=_newest_first(
            reader,
            events,
            [*beside.steps(reader, others), *escalations.steps(reader, escalated)],
        ),
        acts=ACTS,
        allowed=allowed,
        forms=forms,
        failed=own,
        done=beside.DONE.get(done) or (ACTS[done].done if done in ACTS else None),
        done_name=done,
        submitted=done == "submit",
        likely=links.likely(order) if "merge" in forms else [],
        outage=outages.known(order),
        leads=who.leads(),
        quote=quoting.card(order, events),
        line_rows=quoting.LINE_ROWS,
        window_rows=visiting.WINDOW_ROWS,
        due_lines=by_when.lines(judged, staff=staff),
        technicians=_technicians(order) if {"dispatch", "transfer"} & set(forms) else [],
        reopen_until=_reopen_until(order),
        material_rows=MATERIAL_ROWS,
        next_steps=NEXT_STEPS,
        canned=offered.of(order),
        photos_needed=_photos_needed(order) if "repair" in forms else (),
        mark=beside.mark(order, others),
        **beside.shown(order, others, reader, form),
    )


def _ask_ahead(order: Data) -> None:
    """What the parts of the page ask one after the other is all under way at once."""
    ahead("workorders", "history", {"id": order["id"]})
    ahead("workorders", "sla", {"id": order["id"]})
    if the_visitor().is_staff:
        ahead("workorders", "canned_answers", offered.asked(order))
    if "repair" in order["allowed"]:
        ahead("workorders", "photo_rules", {"community": order["id"].partition(".")[0]})


def _events(order: Data) -> list[Data] | None:
    """``None`` where they cannot be had now: the rest of the page is worth showing."""
    try:
        events: list[Data] = query("workorders", "history", {"id": order["id"]})["events"]
        return events
    except (Busy, TimedOut, Unavailable):
        return None


def _newest_first(reader: Reader, events: list[Data] | None, more: list[Step]) -> list[Step] | None:
    """``more``: what stands beside the order, each after what was recorded before it."""
    if events is None:
        return None
    # an order's own steps stay in the order of their versions, whatever times were claimed
    own, known = steps(reader, events), [formats.when(event["time"]) for event in events]
    for step in sorted(more, key=lambda one: one.recorded_at or one.at):
        recorded = step.recorded_at or step.at
        place = sum(time <= recorded for time in known)
        own.insert(place, step)
        known.insert(place, recorded)
    return own[::-1]


def _technicians(order: Data) -> list[tuple[str, str]]:
    community = order["id"].partition(".")[0]
    return [
        (person.id, person.name)
        for person in edge().directory.people(community)
        if person.holds("technician", community, order["building"])
        and person.id != order["technician"]
    ]


def _photos_needed(order: Data) -> list[str]:
    """The fields of photos that a report of this work does not do without; the service holds it."""
    if order["channel"] in ("alarm", "import"):
        return []
    try:
        community = order["id"].partition(".")[0]
        rules = query("workorders", "photo_rules", {"community": community})["rules"]
    except WuyeError:
        return []
    keys = (order["kind"], order["category"])
    named = {"photos_before": "before", "photos": "after"}
    return [
        field
        for one in rules
        if (one["kind"], one["category"]) == keys
        for field, when in named.items()
        if one[when] and not (when == "before" and order["photographed"])
    ]


def _reopen_until(order: Data) -> Any:
    accepted = order["accepted_at"]
    within = timedelta(hours=order["aftercare"]["reopen_hours"])
    return formats.when(accepted) + within if accepted else None
