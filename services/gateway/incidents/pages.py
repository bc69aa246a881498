"""The pages of outages: what is open, what is linked, and to open, answer and close them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l

from services.gateway.frame import communities, formats, moments, words
from services.gateway.frame.directory import Community
from services.gateway.frame.edge import edge
from services.gateway.frame.forms import COMMAND, Form
from services.gateway.frame.navigation import INCIDENTS
from services.gateway.orders import places
from services.gateway.rpc.problems import STATUS
from services.gateway.sessions.calls import command, query
from services.gateway.sessions.visitor import Visitor
from shared.errors import Invalid, NotFound, WuyeError

Data = dict[str, Any]
NEEDED = "This field is required."
DONE = {
    "open_incident": _l("The outage is known: who reports it is answered at once."),
    "answer_incident": _l("Everybody who reported it is told that there is news."),
    "close_incident": _l("The outage is over; everybody who reported it is told."),
}

blueprint = Blueprint("incidents", __name__, template_folder="templates")


def _dispatcher() -> Visitor:
    return communities.holding(INCIDENTS, "Outages are for those who dispatch.")


@blueprint.get("/incidents")
def index() -> Any:
    return _index(Form("open_incident"))


@blueprint.post("/incidents")
def announce() -> Any:
    _mine, community = communities.chosen(_dispatcher(), INCIDENTS)
    form = Form("open_incident", request.form)
    try:
        kind, _colon, category = form.text("category").partition(":")
        _needed(form, "category", "buildings", "notice")
        asked: Data = {
            "community": community.id,
            "kind": kind,
            "category": category,
            "buildings": form.texts("buildings"),
            "notice": form.text("notice"),
            **_until(form, community),
        }
        answer = command("workorders", "open_incident", {**asked, COMMAND: form.id})
    except WuyeError as error:
        failed = Form("open_incident", request.form, error)
        return _index(failed), STATUS.get(error.code, 500)
    return redirect(url_for("incidents.show", incident=answer["id"], done="open_incident"), 303)


@blueprint.get("/incidents/<incident>")
def show(incident: str) -> Any:
    return _show(incident)


@blueprint.post("/incidents/<incident>/<act>")
def do(incident: str, act: str) -> Any:
    _dispatcher()
    if act not in DONE or act == "open_incident":
        raise NotFound("There is no such act.")
    form = Form(act, request.form)
    try:
        asked: Data = {"id": incident}
        if act == "answer_incident":
            _needed(form, "notice")
            community = edge().directory.community(incident.partition(".")[0])
            asked |= {"notice": form.text("notice"), **_until(form, community)}
        command("workorders", act, {**asked, COMMAND: form.id})
    except WuyeError as error:
        return _show(incident, Form(act, request.form, error)), STATUS.get(error.code, 500)
    return redirect(url_for("incidents.show", incident=incident, done=act), 303)


def _needed(form: Form, *fields: str) -> None:
    missing = {name: [NEEDED] for name in fields if not form.text(name).strip()}
    if missing:
        raise Invalid("Some fields are empty.", fields=missing)


def _until(form: Form, community: Community) -> Data:
    text = form.text("expected_end").strip()
    return {"expected_end": moments.moment(text, community.zone, "expected_end")} if text else {}


def _index(form: Form) -> str:
    mine, community = communities.chosen(_dispatcher(), INCIDENTS)
    every = request.args.get("all") == "1"
    found = query("workorders", "incidents", {"community": community.id, "open": not every})
    return render_template(
        "incidents/index.html",
        communities=mine,
        community=community,
        zone=community.zone,
        every=every,
        incidents=[_told(one, community) for one in found["incidents"]],
        buildings=list(edge().directory.buildings(community.id).items()),
        categories=words.CATEGORIES,
        form=form,
        late_now=found["behind"],
    )


def _show(incident: str, failed: Form | None = None) -> str:
    _dispatcher()
    found = query("workorders", "incident", {"id": incident})
    community = edge().directory.community(incident.partition(".")[0])
    answer = Form("answer_incident")
    told = _told(found["incident"], community)
    if told["expected_end"] and formats.when(told["expected_end"]) > edge().clock.now():
        answer.values["expected_end"] = moments.typed(told["expected_end"], community.zone)
    return render_template(
        "incidents/show.html",
        one=told,
        community=community,
        zone=community.zone,
        orders=[
            {**order, "place": places.label(edge().directory, order)} for order in found["orders"]
        ],
        answer=failed if failed is not None and failed.name == "answer_incident" else answer,
        closing=failed if failed is not None and failed.name == "close_incident" else Form("close"),
        failed=failed,
        done=DONE.get(request.args.get("done", "")),
        late_now=found["behind"],
    )


def _told(one: Data, community: Community) -> Data:
    names = edge().directory.buildings(community.id)
    return {
        **one,
        "label": words.category(one["kind"], one["category"]),
        "places": [names.get(building, "") for building in one["buildings"]],
    }
