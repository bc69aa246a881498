"""Log-ins with one click, for a demo community alone: whoever starts the edge names them.

Where none are named there is no such page, and nothing of it on the log-in page.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, redirect, request, url_for

from services.gateway.frame.edge import edge
from services.gateway.frame.forms import Form
from services.gateway.rpc.problems import STATUS
from services.gateway.sessions.entering import enter, login_page
from shared.errors import WuyeError

blueprint = Blueprint("demo", __name__)


@blueprint.post("/demo")
def log_in() -> Any:
    demo = edge().demo
    login = request.form.get("login", "")
    if login not in {person.login for person in demo.people}:
        abort(404)
    try:
        enter(login, demo.password)
    except WuyeError as error:
        return login_page(Form("login", request.form, error)), STATUS.get(error.code, 500)
    return redirect(url_for("frame.home"), 303)
