"""The feed itself, and the buttons that make, renew and end its address."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import re
from base64 import urlsafe_b64encode
from typing import Any

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from services.gateway.calendars.entries import written
from services.gateway.calendars.sources import SOURCES
from services.gateway.frame.edge import edge
from services.gateway.frame.forms import COMMAND, Form
from services.gateway.frame.limits import Limit, address, limit_of
from services.gateway.public.pages import MINUTES, MOST_WRONG, TOO_OFTEN
from services.gateway.sessions.calls import as_edge, command
from services.gateway.sessions.visitor import the_visitor
from shared.errors import NotFound

WRONG, READS = "wuye.calendar_tries", "wuye.calendar_reads"
# clients ask every few minutes; of several devices one address may be read more often
MOST_READS = 60
SECRET_BYTES = 20
_SECRET = re.compile(r"[A-Za-z0-9_-]{27}")
_FEED = re.compile(r"[a-z0-9_-]{1,32}\.[0-9a-f-]{36}")
_LOCALES = {"zh-CN": "zh_Hans_CN", "en": "en"}

blueprint = Blueprint("calendars", __name__, template_folder="templates", url_prefix="/calendar")


@blueprint.record_once
def _prepare(state: Any) -> None:
    state.app.extensions[WRONG] = Limit(MOST_WRONG, minutes=MINUTES, reason=TOO_OFTEN)
    state.app.extensions[READS] = Limit(MOST_READS, minutes=MINUTES, reason=TOO_OFTEN)


@blueprint.get("/<feed>/<secret>.ics")
def show(feed: str, secret: str) -> Response:
    """All of it or an error: what is missing from a calendar, its readers take away."""
    limit_of(WRONG).check(address())
    try:
        owner = _owner(feed, secret)
    except NotFound:
        limit_of(WRONG).count(address())
        raise
    limit_of(READS).spend(feed)
    with force_locale(_LOCALES[owner["language"]]):
        entries = [entry for source in SOURCES for entry in source(owner["person"])]
        content = written(_("My times"), entries, edge().clock.now().replace(microsecond=0))
    response = Response(content, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'inline; filename="wuye.ics"'
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@blueprint.post("/open")
def open_feed() -> Any:
    """Shown this once: nobody here can say the address again."""
    the_visitor()
    form = Form("calendar", request.form)
    secret = _secret(form.id)
    answer = command("security", "open_feed", {"digest": digest(secret), COMMAND: form.id})
    at = url_for("calendars.show", feed=answer["id"], secret=secret, _external=True)
    return render_template("calendars/opened.html", address=at)


@blueprint.post("/close")
def close_feed() -> Any:
    the_visitor()
    form = Form("calendar", request.form)
    with contextlib.suppress(NotFound):
        command("security", "close_feed", {COMMAND: form.id})
    return redirect(url_for("sessions.me"), 303)


def digest(secret: str) -> str:
    return _text(hashlib.sha256(secret.encode()).digest())


def _owner(feed: str, secret: str) -> dict[str, Any]:
    if not _SECRET.fullmatch(secret) or not _FEED.fullmatch(feed):
        raise NotFound("There is no such calendar.")
    return as_edge("security", "feed_owner", {"feed": feed, "digest": digest(secret)})


def _secret(command_id: str) -> str:
    """The same form sent again makes the same address; nobody without the site's secret can."""
    key: Any = current_app.secret_key
    mine = f"{the_visitor().person} {command_id}".encode()
    return _text(hmac.digest(key, b"wuye calendar " + mine, hashlib.sha256)[:SECRET_BYTES])


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
