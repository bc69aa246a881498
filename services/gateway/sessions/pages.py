"""Log-in, log-out, and the page about oneself."""

from __future__ import annotations

import contextlib
from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for

from services.gateway.frame import forms
from services.gateway.frame.forms import Form
from services.gateway.frame.safety import local
from services.gateway.rpc.problems import STATUS
from services.gateway.sessions.calls import command, query
from services.gateway.sessions.renewals import Tokens
from services.gateway.sessions.visitor import begin, end, rename, the_visitor, visitor
from shared.errors import WuyeError

blueprint = Blueprint("sessions", __name__, template_folder="templates")


@blueprint.get("/login")
def login() -> Any:
    if visitor() is not None:
        return redirect(_wanted(), 303)
    return _login_page(Form("login"))


@blueprint.post("/login")
def log_in() -> Any:
    asked = {name: request.form.get(name, "") for name in ("login", "password")}
    try:
        answer = command("security", "login", {**asked, "login": asked["login"].strip()})
    except WuyeError as error:
        return _login_page(Form("login", request.form, error)), STATUS.get(error.code, 500)
    begin(Tokens(answer["access_token"], answer["refresh_token"]))
    # Without a name the pages still work.
    with contextlib.suppress(WuyeError):
        rename(query("security", "me", {})["name"])
    return redirect(_wanted(), 303)


@blueprint.post("/logout")
def log_out() -> Any:
    """The session ends here in any case; at security too, where it can be reached."""
    forms.check()
    with contextlib.suppress(WuyeError):
        command("security", "logout", {})
    end()
    response = redirect(url_for("sessions.login"), 303)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@blueprint.get("/me")
def me() -> Any:
    the_visitor()
    return make_response(render_template("sessions/me.html", me=query("security", "me", {})))


def _login_page(form: Form) -> str:
    return render_template(
        "sessions/login.html", form=form, next=_wanted(), over=request.args.get("over") == "1"
    )


def _wanted() -> str:
    return local(request.values.get("next"), url_for("frame.home"))
