"""Saying something about an order."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, request, url_for
from werkzeug.datastructures import MultiDict

from services.gateway.canned_answers import offered
from services.gateway.frame.forms import COMMAND, Form
from services.gateway.orders.pages import failed, found
from services.gateway.orders.typed import NEEDED
from services.gateway.rpc.problems import STATUS
from services.gateway.sessions.calls import command
from services.gateway.sessions.visitor import the_visitor
from shared.errors import Invalid, WuyeError

blueprint = Blueprint("comments", __name__, template_folder="templates")


@blueprint.post("/orders/<community>/<number>/comments")
def comment(community: str, number: str) -> Any:
    the_visitor()
    order = found(community, number)
    form = Form("comment", MultiDict(request.form))
    try:
        offered.fill(form, order)
        if not form.text("text").strip():
            raise Invalid("Nothing was written.", fields={"text": [NEEDED]})
        asked = {"text": form.text("text"), "internal": form.text("internal") == "1"}
        command("workorders", "comment", {"id": order["id"], COMMAND: form.id, **asked})
    except WuyeError as error:
        return failed(order, Form(form.name, form.values, error)), STATUS.get(error.code, 500)
    shown = url_for("orders.show", community=community, number=number, done=form.name)
    return redirect(f"{shown}#comments", 303)
