"""A form that was sent when its session had ended: log in on the spot, and nothing typed is lost.

The log-in page then stands at the form's own address and carries its fields along. After log-in the
form is shown as it was, to be looked over and sent again: that it came from here is not known for
certain any more. Nothing is kept on the server, nor after the window is closed; so photos have to
be chosen again, and the page says so.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import request

from services.gateway.frame import forms
from services.gateway.frame.forms import Form
from services.gateway.rpc.problems import STATUS
from services.gateway.sessions.entering import enter, login_page
from services.gateway.sessions.visitor import visitor
from shared.errors import WuyeError

LOGIN, PASSWORD = "resume_login", "resume_password"
_OWN = (LOGIN, PASSWORD, forms.TOKEN)
_NOT_KEPT = ("sessions.log_in", "sessions.log_out", "demo.log_in", "frame.switch")


def fields() -> list[tuple[str, str]]:
    """What the log-in page carries along: all but passwords, and only of a form of this site."""
    if request.method != "POST" or request.endpoint in _NOT_KEPT or not _from_here():
        return []
    return [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in _OWN and "password" not in name
    ]


def page(form: Form | None = None) -> Any:
    """The log-in page that carries a form along; nothing where there is none to carry."""
    kept = fields()
    if not kept:
        return None
    status = STATUS.get(form.error.code, 500) if form is not None and form.error else 401
    return login_page(form or Form("login"), kept=kept), status


def resume() -> Any:
    """Before a request: log in with what such a page sends, then go on to the form's own page."""
    if request.method != "POST" or visitor() is not None or LOGIN not in request.form:
        return None
    login, password = request.form[LOGIN], request.form.get(PASSWORD, "")
    try:
        enter(login.strip(), password)
    except WuyeError as error:
        return page(Form("login", request.form, error))
    return None


def _from_here() -> bool:
    return urlsplit(request.headers.get("Origin", "")).netloc == request.host
