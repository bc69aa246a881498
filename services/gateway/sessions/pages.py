"""Log-in, log-out, and the page about oneself."""

from __future__ import annotations

import contextlib
from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for

from services.gateway.frame import forms
from services.gateway.frame.edge import edge
from services.gateway.frame.forms import Form
from services.gateway.push.pages import leave
from services.gateway.rpc.problems import STATUS
from services.gateway.sessions.asking import Answers
from services.gateway.sessions.calls import command
from services.gateway.sessions.entering import enter, login_page, wanted
from services.gateway.sessions.visitor import end, the_visitor, visitor
from shared.errors import Unavailable, WuyeError

blueprint = Blueprint("sessions", __name__, template_folder="templates")


@blueprint.get("/login")
def login() -> Any:
    if visitor() is not None:
        return redirect(wanted(), 303)
    return login_page(Form("login"))


@blueprint.post("/login")
def log_in() -> Any:
    login, password = request.form.get("login", ""), request.form.get("password", "")
    try:
        enter(login.strip(), password)
    except WuyeError as error:
        return login_page(Form("login", request.form, error)), STATUS.get(error.code, 500)
    return redirect(wanted(), 303)


@blueprint.post("/logout")
def log_out() -> Any:
    """The session ends here in any case; at security too, where it can be reached."""
    forms.check()
    leave()
    with contextlib.suppress(WuyeError):
        command("security", "logout", {})
    end()
    response = redirect(url_for("sessions.login"), 303)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@blueprint.get("/me")
def me() -> Any:
    """What cannot be had of the rest just now is left out."""
    works = "technician" in the_visitor().roles()
    answers = Answers(
        {
            "me": ("security", "me", {}),
            "devices": ("notifications", "push_subscriptions", {}),
            **({"feed": ("security", "feed", {})} if works else {}),
        }
    )
    me = answers.plain("me")
    if me is None:
        raise Unavailable("Security cannot be reached.", retry_after=1.0)
    devices = answers.get("devices")
    return make_response(
        render_template(
            "sessions/me.html",
            me=me,
            devices=devices["subscriptions"] if devices else [],
            feed=answers.get("feed") if answers.asks("feed") else None,
            zone=edge().zone,
        )
    )
