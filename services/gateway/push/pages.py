"""Being told on this device, asked for by a script once somebody has pressed the button for it."""

from __future__ import annotations

import contextlib
import time
from typing import Any

from flask import Blueprint, current_app, redirect, request, url_for

from services.gateway.frame import forms
from services.gateway.frame.messages import told
from services.gateway.rpc.problems import STATUS
from services.gateway.sessions.calls import as_edge, command
from services.gateway.sessions.visitor import the_visitor, visitor
from shared.errors import NotFound, WuyeError

KEY = "wuye.push_key"
# asked for anew after so long, and sooner where nobody could say: meanwhile nothing is offered
KEPT_SECONDS = 300.0
REST_SECONDS = 5.0
SECONDS = 0.5

blueprint = Blueprint("push", __name__, template_folder="templates", url_prefix="/push")


def push_key() -> str | None:
    """What browsers subscribe with; None where nothing is pushed, or nobody can say just now."""
    if visitor() is None:
        return None
    until, key = current_app.extensions.get(KEY, (0.0, None))
    if time.monotonic() < until:
        return str(key) if key else None
    kept = REST_SECONDS
    with contextlib.suppress(WuyeError):
        key = as_edge("notifications", "push_key", {}, SECONDS)["key"]
        kept = KEPT_SECONDS
    current_app.extensions[KEY] = (time.monotonic() + kept, key)
    return str(key) if key else None


@blueprint.post("/subscribe")
def subscribe() -> Any:
    wanted = {name: request.form.get(name, "") for name in ("endpoint", "key", "auth")}
    return _done("subscribe_push", wanted)


@blueprint.post("/unsubscribe")
def unsubscribe() -> Any:
    return _done("unsubscribe_push", {"endpoint": request.form.get("endpoint", "")})


@blueprint.post("/remove")
def remove() -> Any:
    """One of the devices on the list, whichever is at hand."""
    the_visitor()
    with contextlib.suppress(NotFound):
        wanted = {"subscription": request.form.get("subscription", "")}
        command("notifications", "unsubscribe_push", wanted)
    return redirect(url_for("sessions.me"), 303)


def leave() -> None:
    """Whoever logs out is not told on this device any more."""
    endpoint = request.form.get("push_endpoint", "")
    if endpoint:
        with contextlib.suppress(WuyeError):
            command("notifications", "unsubscribe_push", {"endpoint": endpoint[:1000]})


def _done(method: str, wanted: dict[str, str]) -> Any:
    """For the script: an empty answer, or why not."""
    the_visitor()
    try:
        forms.check()
        command("notifications", method, wanted)
    except WuyeError as error:
        return {"told": told(error)}, STATUS.get(error.code, 500)
    return "", 204
