"""Every error as a page that says what to do next."""

from __future__ import annotations

import logging
import math
from typing import Any, NamedTuple

from flask import Flask, Response, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException

from services.gateway.frame import forms, live, messages
from services.gateway.rpc.problems import STATUS, other_problem, problem
from services.gateway.sessions import resuming, visitor
from services.gateway.sessions.calls import correlation_id
from shared.errors import Unauthenticated, WuyeError

_log = logging.getLogger("wuye.gateway")


class _Said(NamedTuple):
    icon: str
    title: str
    text: str


def install(app: Flask) -> None:
    app.register_error_handler(WuyeError, of_service)
    app.register_error_handler(HTTPException, of_http)
    app.register_error_handler(Exception, of_ours)


def of_service(error: WuyeError) -> Any:
    """A typed error that no form took up."""
    if _for_machines():
        return problem(error)
    if isinstance(error, Unauthenticated):
        return log_in()
    status = STATUS.get(error.code, 500)
    if forms.for_a_script():
        return {"told": messages.told(error)}, status
    response = _page(status, messages.told(error))
    if error.retry_after is not None:
        response.headers["Retry-After"] = str(math.ceil(error.retry_after))
    return response


def of_http(error: HTTPException) -> Any:
    status = error.code or 500
    if status < 400:
        return error
    if _for_machines():
        response = other_problem(status, error.name, error.description or error.name)
    else:
        response = _page(status, None)
    for name, value in error.get_headers():
        if name == "Allow":
            response.headers[name] = value
    return response


def of_ours(error: Exception) -> Any:
    """A fault of the edge itself. The reference on the page is in the log."""
    _log.exception("a page failed", extra={"endpoint": request.endpoint})
    if _for_machines():
        return problem(WuyeError(f"The edge failed; its log has {correlation_id()}."))
    return _page(500, None)


def log_in() -> Any:
    """To the log-in page, and from there back to where they wanted to go, with what was typed."""
    over = g.get("visitor") is not None or g.get("session_over")
    visitor.end()
    if live.asked():
        # the page stays as it is: somebody may be writing there
        return "", 401
    here = resuming.page()
    if here is not None:
        return here
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    if wanted == "/":
        wanted = None
    return redirect(url_for("sessions.login", next=wanted, over=1 if over else None), 303)


def _page(status: int, text: str | None) -> Response:
    said = _said(status)
    page = render_template(
        "frame/error.html",
        status=status,
        icon_name=said.icon,
        title=said.title,
        text=text or said.text,
        reference=correlation_id() if status >= 500 else None,
        again=request.full_path.rstrip("?") if request.method == "GET" and status >= 429 else None,
    )
    return make_response(page, status)


def _said(status: int) -> _Said:
    if status == 404:
        return _Said(
            "search",
            _("Nothing to be found here"),
            _("This page does not exist, or is not one you may see."),
        )
    if status in (401, 403):
        return _Said("lock", _("Not for you to see"), _("Your role does not allow this."))
    if status == 413:
        return _Said("alert", _("Too much at once"), _("What was sent is too large."))
    if status == 405:
        return _Said("alert", _("Not this way"), _("Go back, and use the buttons on the page."))
    if status in (429, 502, 503, 504):
        return _Said(
            "cloud",
            _("Not to be reached just now"),
            _("This part is resting for a moment. What you have done so far is safe."),
        )
    if status >= 500:
        return _Said(
            "cloud",
            _("Something went wrong"),
            _("This is our fault, not yours. Please try again in a moment."),
        )
    return _Said("alert", _("That did not work"), _("Go back, look it over, and try again."))


def _for_machines() -> bool:
    return request.path.startswith(("/rpc/", "/api/", "/open311/"))
