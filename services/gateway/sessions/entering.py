"""Beginning a session, and the page that asks for it."""

from __future__ import annotations

from flask import render_template, request, url_for

from services.gateway.frame.edge import edge
from services.gateway.frame.forms import Form
from services.gateway.frame.safety import local
from services.gateway.sessions.calls import command
from services.gateway.sessions.renewals import Tokens
from services.gateway.sessions.visitor import begin


def enter(login: str, password: str) -> None:
    """Log in as this account; raises typed errors."""
    check_address()
    answer = command("security", "login", {"login": login, "password": password})
    begin(Tokens(answer["access_token"], answer["refresh_token"]))


def check_address() -> None:
    """Whoever guesses at many accounts in turn is stopped by where they are. Raises ``Busy``."""
    edge().log_ins.spend(request.remote_addr or "")


def login_page(form: Form, kept: list[tuple[str, str]] | None = None) -> str:
    """``kept``: fields of another form that go along; the page then stands at that form's address,
    where ``sessions.resuming`` reads it.
    """
    return render_template(
        "sessions/login.html",
        form=form,
        kept=kept,
        next=wanted(),
        over=request.args.get("over") == "1",
        demo=() if kept else edge().demo.people,
        photos_lost=any(file.filename for file in request.files.values()) if kept else False,
    )


def wanted() -> str:
    """Where they wanted to go, a page of this site."""
    return local(request.values.get("next"), url_for("frame.home"))
