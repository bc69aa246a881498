"""Events that policies could not handle: tried again, or given up; as `wuye parked` does it."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l

from services.gateway.admin.pages import admin, everywhere
from services.gateway.audit.words import SERVICES
from services.gateway.frame.edge import edge
from services.gateway.frame.forms import Form
from services.gateway.rpc.problems import STATUS
from services.gateway.sessions.asking import Answers
from services.gateway.sessions.calls import command, query
from shared.errors import Forbidden, NotFound, WuyeError

Data = dict[str, Any]
# analytics has views alone, and views never park
ASKED = (*SERVICES, "analytics")
WHAT = {
    "retry": _l("Try again"),
    "drop": _l("Give up"),
}
_HANDLER = re.compile(r"when_(?P<when>\w+?)_then_(?P<then>\w+)")
MOST_NUMBERS = 20

blueprint = Blueprint("parked", __name__, template_folder="templates")


def operator() -> None:
    if not everywhere(admin()):
        raise Forbidden("This is for admins of every community.", reason="not_your_role")


@blueprint.get("/admin/parked")
def index() -> Any:
    operator()
    rows, missing = _rows()
    return render_template(
        "admin/parked.html",
        rows=rows,
        missing=missing,
        asked=request.args.get("asked") in WHAT,
        zone=edge().zone,
        everywhere=True,
    )


@blueprint.post("/admin/parked/<what>")
def decide(what: str) -> Any:
    """First told, then, confirmed, written down for the leader of that service to carry out."""
    operator()
    form = Form(what, request.form)
    service = form.text("service")
    if what not in WHAT or service not in ASKED:
        raise NotFound("There is no such act.")
    asked = {"handler": form.text("handler"), "subject": form.text("subject")}
    if form.text("confirmed") != "1":
        return _confirm(what, form, service)
    try:
        command(f"{service}.ops", f"{what}_parked", asked)
    except WuyeError as error:
        failed = Form(what, request.form, error)
        return _confirm(what, failed, service), STATUS.get(error.code, 500)
    return redirect(url_for("parked.index", asked=what), 303)


def _confirm(what: str, form: Form, service: str) -> str:
    rows, _missing = _rows()
    mine = [
        row
        for row in rows
        if (row["service"], row["handler"], row["subject"])
        == (service, form.text("handler"), form.text("subject"))
    ]
    return render_template(
        "admin/parked_confirm.html",
        what=what,
        label=WHAT[what],
        form=form,
        rows=mine,
        zone=edge().zone,
    )


def _rows() -> tuple[list[Data], list[str]]:
    """Every parked event of all services, and the services that did not answer."""
    answers = Answers({name: (f"{name}.ops", "parked", {}) for name in ASKED})
    rows: list[Data] = []
    missing = []
    for name in ASKED:
        found = answers.plain(name)
        if found is None:
            missing.append(str(SERVICES.get(name, name)))
            continue
        rows += [{"service": name, **one} for one in found["parked"]]
    numbers = _numbers({one["subject"] for one in rows if one["log"] == "workorders"})
    return [
        {
            **one,
            "service_name": SERVICES.get(one["service"], one["service"]),
            "rule": said(one["handler"]),
            "number": numbers.get(one["subject"]),
            "community": one["subject"].partition(".")[0],
        }
        for one in rows
    ], missing


def said(handler: str) -> str:
    """``when_bill_raised_then_tell_payer`` as ``when bill raised, then tell payer``."""
    found = _HANDLER.fullmatch(handler)
    if found is None:
        return handler.replace("_", " ")
    return f"when {found['when'].replace('_', ' ')}, then {found['then'].replace('_', ' ')}"


def _numbers(subjects: set[str]) -> dict[str, str]:
    """The numbers of the orders that events are about, as far as there is time for it."""
    found = {}
    for subject in sorted(subjects)[:MOST_NUMBERS]:
        try:
            found[subject] = query("workorders", "get", {"id": subject})["number"]
        except WuyeError:
            continue
    return found
