"""The inbox: what a person was told, and marking it as read."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for

from services.gateway.frame import live
from services.gateway.frame.edge import edge
from services.gateway.frame.forms import COMMAND, command_id
from services.gateway.sessions.calls import command, context, query
from services.gateway.sessions.visitor import the_visitor, visitor
from shared.errors import WuyeError

PAGE = 30
# how long a page waits for the number on the bell
COUNT_SECONDS = 0.5
# where what a number stands for has its page
_PAGES = {"RC": "orders.show", "SQP": "inquiries.show"}
_NUMBER = re.compile(r"([RCSQP])-\d{4}-\d+")
# a calendar's
_YEAR = re.compile(r"\d{4}")

blueprint = Blueprint("inbox", __name__, template_folder="templates")


@blueprint.get("/inbox")
def index() -> Any:
    the_visitor()
    ask: dict[str, Any] = {"limit": PAGE, "unread": request.args.get("unread") == "1"}
    cursor = request.args.get("cursor", "")
    if cursor.isascii() and cursor.isdigit():
        ask["cursor"] = int(cursor[:16])
    page = query("notifications", "inbox", ask)
    g.unread = page["unread"]
    return render_template(
        "inbox/index.html",
        notifications=[_shown(one) for one in page["notifications"]],
        unread_count=page["unread"],
        only_unread=ask["unread"],
        next=page["next"],
        late_now=page["behind"],
    )


@blueprint.post("/inbox/<id>/read")
def read(id: str) -> Any:
    """Mark it as read, and go to what it tells of."""
    the_visitor()
    command(
        "notifications",
        "mark_read",
        {"id": id, COMMAND: command_id(request.form.get(COMMAND))},
    )
    community, number = request.form.get("community", ""), request.form.get("number", "")
    page = page_of(number)
    if community and page is not None:
        return redirect(url_for(page, community=community, number=number), 303)
    return redirect(url_for("inbox.index"), 303)


def _shown(notification: dict[str, Any]) -> dict[str, Any]:
    community = notification["about"].partition(".")[0]
    return {
        **notification,
        "community": community,
        "page": page_of(notification["number"]),
        "zone": edge().directory.community(community).zone,
    }


def page_of(number: str) -> str | None:
    """The endpoint of the page of what was told of; None where it has none."""
    if _YEAR.fullmatch(number):
        return "levels.show_calendar"
    found = _NUMBER.fullmatch(number)
    return next((page for letters, page in _PAGES.items() if found and found[1] in letters), None)


def ask_unread() -> None:
    """Before a page is made: ask how many are unread, so that the answer comes meanwhile."""
    who = visitor()
    if who is None or request.method != "GET" or request.blueprint not in _WITH_BELL:
        return
    if live.asked():
        # the bell is no part of what is asked for again
        return
    try:
        g.unread_reply = edge().rpc.call_async(
            "notifications",
            "inbox",
            {"unread": True, "limit": 1},
            auth_token=who.token,
            timeout=COUNT_SECONDS,
            context=context(),
        )
    except WuyeError:
        g.unread = 0


def unread() -> int:
    """How many the person has not read; 0 where it cannot be had in time."""
    if "unread" not in g:
        try:
            g.unread = g.unread_reply.result()["unread"] if "unread_reply" in g else 0
        except WuyeError:
            g.unread = 0
    return int(g.unread)


_WITH_BELL = (
    "orders",
    "reporting",
    "inquiries",
    "sessions",
    "board",
    "calls",
    "figures",
    "audit",
    "story",
    "admin",
    "parked",
    "work",
    "works",
    "releasing",
    "bills",
    "quotes",
)
