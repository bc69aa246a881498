"""The list of follow-ups, recording one, and the rules of a community."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from services.gateway.board.pages import dispatcher
from services.gateway.follow_ups.words import ANSWERS, REASONS, answer_of
from services.gateway.frame.communities import mine
from services.gateway.frame.edge import edge
from services.gateway.frame.forms import COMMAND, Form
from services.gateway.orders import places
from services.gateway.orders.pages import failed, found
from services.gateway.orders.typed import NEEDED, needed_whole
from services.gateway.rpc.problems import STATUS
from services.gateway.sessions.calls import command, query
from services.gateway.sessions.visitor import the_visitor
from shared.errors import Invalid, WuyeError

Data = dict[str, Any]
MOST = 100
MANAGER = frozenset({"manager"})

blueprint = Blueprint("follow_ups", __name__, template_folder="templates")


@blueprint.get("/follow-ups")
def index() -> Any:
    who = dispatcher()
    made = request.args.get("made") == "1"
    page = query("workorders", "follow_ups", {"open": not made, "limit": MOST})
    rows = page["follow_ups"]
    names = edge().directory.names(
        person
        for one in rows
        for person in (one["accepter"], one["technician"], one["recorded_by"])
    )
    return render_template(
        "follow_ups/index.html",
        rows=[_shown(one, names) for one in rows],
        made=made,
        late_now=page["behind"],
        rules=mine(who, MANAGER),
        done=request.args.get("done") == "rules",
    )


@blueprint.post("/orders/<community>/<number>/follow-ups")
def record(community: str, number: str) -> Any:
    the_visitor()
    order = found(community, number)
    form = Form("follow_up", request.form)
    try:
        command(
            "workorders", "record_follow_up", {"id": order["id"], COMMAND: form.id, **_read(form)}
        )
    except WuyeError as error:
        return failed(order, Form(form.name, form.values, error)), STATUS.get(error.code, 500)
    return redirect(url_for("orders.show", community=community, number=number, done=form.name), 303)


@blueprint.get("/follow-ups/rules/<community>")
def rules(community: str) -> Any:
    dispatcher()
    known = query("workorders", "follow_up_rules", {"community": community})
    return _rules(community, known, Form("rules"))


@blueprint.post("/follow-ups/rules/<community>")
def set_rules(community: str) -> Any:
    dispatcher()
    form = Form("rules", request.form)
    try:
        command(
            "workorders",
            "set_follow_up_rules",
            {
                "community": community,
                COMMAND: form.id,
                "low_stars": needed_whole(form, "low_stars"),
                "checked": form.text("checked") == "1",
                "percent": needed_whole(form, "percent"),
                "within_hours": needed_whole(form, "within_hours"),
            },
        )
    except WuyeError as error:
        known = query("workorders", "follow_up_rules", {"community": community})
        page = _rules(community, known, Form("rules", form.values, error))
        return page, STATUS.get(error.code, 500)
    return redirect(url_for("follow_ups.index", done="rules"), 303)


def _rules(community: str, known: Data, form: Form) -> str:
    return render_template(
        "follow_ups/rules.html",
        community=edge().directory.community(community),
        known=known,
        form=form,
    )


def _read(form: Form) -> Data:
    answer = ANSWERS.get(form.text("answer"))
    if answer is None:
        raise Invalid("Say what came of it.", fields={"outcome": [NEEDED]})
    notes = form.text("notes")
    return {
        **answer[1],
        "notes": notes if notes.strip() else None,
        "reopen": form.text("reopen") == "1",
    }


def _shown(one: Data, names: dict[str, str]) -> Data:
    directory = edge().directory
    community = directory.community(one["community"])
    return {
        **one,
        "zone": community.zone,
        "place": places.label(directory, one),
        "why": REASONS[one["reason"]],
        "answer": answer_of(one) if one["outcome"] else None,
        "accepter_name": names.get(one["accepter"] or ""),
        "technician_name": names.get(one["technician"] or ""),
        "recorded_name": names.get(one["recorded_by"] or ""),
    }
