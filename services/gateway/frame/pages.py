"""The front door, the language switch, and what makes the site an app."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for

from services.gateway.frame import languages, offline
from services.gateway.frame.navigation import at_hand, links
from services.gateway.frame.safety import local
from services.gateway.sessions.visitor import the_visitor, visitor

blueprint = Blueprint(
    "frame",
    __name__,
    template_folder="templates",
    static_folder="static",
    static_url_path="/static",
)


@blueprint.get("/")
def home() -> Any:
    """To what the visitor comes for: technicians to their work, everybody else to the orders."""
    who = visitor()
    works = who is not None and "technician" in who.roles()
    return redirect(url_for("work.index" if works else "orders.index"), 303)


@blueprint.get("/more")
def more() -> Any:
    """Where the staff's pages are that a phone's bar has no room for."""
    who = the_visitor()
    return render_template("frame/more.html", links=links(who)[at_hand(who) :])


@blueprint.get("/worker.js")
def worker() -> Any:
    return offline.worker()


@blueprint.get("/manifest.webmanifest")
def manifest() -> Any:
    return offline.manifest()


@blueprint.get("/no-connection")
def no_connection() -> Any:
    """What the service worker shows in place of a page that cannot be had: the same for all."""
    g.visitor = None
    return render_template("frame/no_connection.html")


@blueprint.post("/language")
def switch() -> Any:
    """Changes nothing but a cookie of this browser, so it needs no session."""
    response = redirect(local(request.form.get("next"), url_for("frame.home")), 303)
    chosen = request.form.get("language", "")
    if chosen in languages.NAMES:
        languages.keep(response, chosen)
    return response
