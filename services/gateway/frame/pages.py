"""The front door, and the language switch."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, request, url_for

from services.gateway.frame import languages
from services.gateway.frame.safety import local

blueprint = Blueprint(
    "frame",
    __name__,
    template_folder="templates",
    static_folder="static",
    static_url_path="/static",
)


@blueprint.get("/")
def home() -> Any:
    return redirect(url_for("orders.index"), 303)


@blueprint.post("/language")
def switch() -> Any:
    """Changes nothing but a cookie of this browser, so it needs no session."""
    response = redirect(local(request.form.get("next"), url_for("frame.home")), 303)
    chosen = request.form.get("language", "")
    if chosen in languages.NAMES:
        languages.keep(response, chosen)
    return response
