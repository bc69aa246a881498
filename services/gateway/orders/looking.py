"""What is known about a report while it is written: the same from others, and what becomes of it.

By scripts as it is typed; without them as a step before it is sent. Nothing here decides anything.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from flask import Blueprint, redirect, render_template, request, url_for

from services.gateway.frame import formats, words
from services.gateway.frame.edge import edge
from services.gateway.frame.forms import COMMAND, Form
from services.gateway.orders.places import Place, shared_label
from services.gateway.sessions.asking import Answers
from services.gateway.sessions.calls import command, queries, query
from services.gateway.sessions.visitor import the_visitor
from shared.errors import WuyeError

Data = dict[str, Any]
FOLLOWED = {"followed": ("workorders", "followed", {})}
# in a form that was looked at with what was found
LOOKED = "looked"
LONGEST = 4000

blueprint = Blueprint("looking", __name__, template_folder="templates")


class Found(NamedTuple):
    """``category``: what it sounds like, where that is not what was chosen."""

    duplicates: list[Data]
    incidents: list[Data]
    category: str | None
    mode: str | None
    promises: list[Data]
    zone: Any


def kind_of(form: Form) -> str:
    return "complaint" if form.text("kind") == "complaint" else "repair"


@blueprint.post("/report/look")
def look() -> Any:
    """The part of the form with what is found; by POST, for what is typed is in no address."""
    the_visitor()
    form = Form("submit", request.form)
    return render_template("orders/looked.html", found=found(form), kind=kind_of(form), form=form)


@blueprint.post("/report/follow")
def follow() -> Any:
    """Follow what somebody else reported, in place of reporting it again."""
    the_visitor()
    form = Form("follow", request.form)
    command("workorders", "follow", {"id": form.text("follow"), COMMAND: form.id})
    return redirect(url_for("orders.index", done="follow", kind=kind_of(form)), 303)


@blueprint.post("/orders/unfollow")
def unfollow() -> Any:
    the_visitor()
    form = Form("unfollow", request.form)
    command("workorders", "unfollow", {"id": form.text("unfollow"), COMMAND: form.id})
    return redirect(url_for("orders.index"), 303)


def followed(answers: Answers) -> list[Data]:
    """What the visitor follows, out of answers to ``FOLLOWED``; none where it cannot be had now."""
    if not answers.asks("followed"):
        return []
    found = answers.plain("followed")
    return [outlined(order) for order in found["orders"]] if found is not None else []


def found(form: Form) -> Found | None:
    """None where there is nothing to look at yet, or it cannot be had just now."""
    text, category = form.text("description").strip()[:LONGEST], form.text("category")
    kind = kind_of(form)
    if category not in words.CATEGORIES[kind]:
        category = ""
    if not text and not category:
        return None
    try:
        place = Place.read(form.text("place"))
        answer = query(
            "workorders",
            "suggest",
            {
                **place.request(),
                "kind": kind,
                "category": category or None,
                "description": text,
            },
        )
    except WuyeError:
        return None
    return Found(
        duplicates=_with_own(answer["duplicates"]),
        incidents=answer["incidents"],
        category=_sounds_like(answer["categories"], kind, category),
        mode=answer["mode"],
        promises=answer["promises"],
        zone=edge().directory.community(place.community).zone,
    )


def check(form: Form) -> Found | None:
    """Before a report is sent that was not looked at yet: what there is to be looked at, if any."""
    if form.text(LOOKED):
        return None
    answer = found(form)
    worth = answer is not None and (
        answer.incidents or any(not one["own"] for one in answer.duplicates)
    )
    return answer if worth else None


def outlined(order: Data) -> Data:
    """An outline with its place in words."""
    community = order["id"].partition(".")[0]
    name = edge().directory.building(community, order["building"])
    return {
        **order,
        "community": community,
        "activity": "waiting",
        "zone": edge().directory.community(community).zone,
        "place": shared_label(name) if name else None,
        "submitted_at": formats.when(order["submitted_at"]),
    }


def _with_own(duplicates: list[Data]) -> list[Data]:
    """``own``: the visitor may open it, so need not follow it."""
    seen = queries("workorders", "get", [{"id": one["id"]} for one in duplicates])
    return [
        {**outlined(one), "own": order is not None}
        for one, order in zip(duplicates, seen, strict=True)
    ]


def _sounds_like(categories: list[Data], kind: str, chosen: str) -> str | None:
    best = next((one["category"] for one in categories if one["kind"] == kind), None)
    return best if best in words.CATEGORIES[kind] and best != chosen else None
