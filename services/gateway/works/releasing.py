"""What the staff let the public see: publishing, looking at what was flagged, hiding, restoring."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for

from services.gateway.frame.edge import edge
from services.gateway.frame.forms import COMMAND, Form
from services.gateway.rpc.problems import STATUS
from services.gateway.sessions.calls import command, query
from services.gateway.sessions.visitor import the_visitor
from services.gateway.works.pages import UNSUITABLE, shown
from shared.errors import WuyeError

Data = dict[str, Any]
ACTS = {"hide": "hide_published", "restore": "restore_published"}
FILTERS = ("all", "flagged", "hidden")
MANAGERS = ("manager", "admin")

blueprint = Blueprint("releasing", __name__, template_folder="templates", url_prefix="/releasing")


@blueprint.get("/<community>")
def index(community: str) -> Any:
    return _page(community)


@blueprint.post("/<community>/board")
def board(community: str) -> Any:
    the_visitor()
    form = Form("board", request.form)
    wanted = {"community": community, "open": form.text("open") == "yes", COMMAND: form.id}
    try:
        command("workorders", "set_public_board", wanted)
    except WuyeError as error:
        return _page(community, Form("board", request.form, error)), STATUS.get(error.code, 500)
    return redirect(url_for("releasing.index", community=community, done="board"), 303)


@blueprint.post("/<community>/<number>/<act>")
def act(community: str, number: str, act: str) -> Any:
    the_visitor()
    if act not in ACTS:
        abort(404)
    form = Form(act, request.form)
    try:
        ask: Data = {"id": form.text("id"), COMMAND: form.id}
        if act == "hide":
            ask["reason"] = form.text("reason")
        command("workorders", ACTS[act], ask)
    except WuyeError as error:
        return _page(community, Form(act, request.form, error)), STATUS.get(error.code, 500)
    only = request.args.get("only") if request.args.get("only") in FILTERS else None
    return redirect(url_for("releasing.index", community=community, only=only, done=act), 303)


@blueprint.get("/<community>/<number>/publish")
def publishing(community: str, number: str) -> Any:
    return _publishing_page(community, number, Form("publish"))


@blueprint.post("/<community>/<number>/publish")
def publish(community: str, number: str) -> Any:
    form = Form("publish", request.form)
    order = query("workorders", "get", {"community": community, "number": number})
    ask = {
        "id": order["id"],
        "photos": form.texts("photos"),
        "caption": form.text("caption").strip() or None,
        COMMAND: form.id,
    }
    try:
        command("workorders", "publish", ask)
    except WuyeError as error:
        failed = Form("publish", request.form, error)
        return _publishing_page(community, number, failed), STATUS.get(error.code, 500)
    return redirect(url_for("releasing.index", community=community, done="publish"), 303)


def _page(community: str, form: Form | None = None) -> str:
    who = the_visitor()
    only = request.args.get("only", "all")
    ask: Data = {"community": community, "limit": 20}
    if only in FILTERS[1:]:
        ask["only"] = only
    if request.args.get("cursor"):
        ask["cursor"] = request.args["cursor"][:200]
    page = query("workorders", "published", ask)
    return render_template(
        "works/releasing.html",
        community=edge().directory.community(community),
        open=page["open"],
        works=[shown(work) for work in page["works"]],
        next=page["next"],
        late_now=page["behind"],
        only=only if only in FILTERS else "all",
        form=form or Form("board"),
        done=request.args.get("done", ""),
        reasons=UNSUITABLE,
        manages=any(who.caller.has(role, community) for role in MANAGERS),
    )


def _publishing_page(community: str, number: str, form: Form) -> str:
    """The photos after the repair to choose from, and nobody's words but what is typed now."""
    the_visitor()
    history = query("workorders", "history", {"community": community, "number": number})
    order = query("workorders", "get", {"id": history["id"]})
    return render_template(
        "works/publish.html",
        community=edge().directory.community(community),
        order=order,
        photos=_after(history),
        form=form,
    )


def _after(history: Mapping[str, Any]) -> list[str]:
    return [
        photo
        for event in history["events"]
        if event["type"] == "WorkOrderRepaired"
        for photo in event["data"].get("photos") or ()
    ]
