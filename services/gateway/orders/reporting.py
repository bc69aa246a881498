"""The form that reports a repair or a complaint, suggests, asks or praises; for oneself or on
behalf of somebody.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from services.gateway.frame.edge import edge
from services.gateway.frame.forms import COMMAND, Form
from services.gateway.frame.words import CATEGORIES, INQUIRY_KINDS
from services.gateway.orders import looking
from services.gateway.orders.looking import kind_of
from services.gateway.orders.places import Choice, Place, of_community, of_homes
from services.gateway.orders.questions import QUESTIONS, described, field
from services.gateway.orders.typed import NEEDED
from services.gateway.rpc.problems import STATUS
from services.gateway.sessions.calls import command, query
from services.gateway.sessions.visitor import Visitor, the_visitor
from services.gateway.uploads import taking
from shared.errors import Forbidden, Invalid, WuyeError
from shared.identity.caller import EVERY

Data = dict[str, Any]
# how staff hear of something
CHANNELS = ("phone", "counter", "email", "page")
# said of an order that no resident stands behind
NOBODY = "office"

blueprint = Blueprint("reporting", __name__, template_folder="templates")


@blueprint.get("/report")
def report() -> Any:
    return _page(Form("submit", request.args))


@blueprint.post("/report")
@taking.takes_photos
def submit() -> Any:
    form = Form("submit", MultiDict(request.form))
    if inquires(form):
        return _submit_inquiry(form)
    try:
        asked = _read(form)
        found = looking.check(form)
        if found is not None:
            return _page(form, found)
        answer = command("workorders", "submit", {**asked, COMMAND: form.id})
    except WuyeError as error:
        failed = Form("submit", form.values, error)
        return _page(failed), STATUS.get(error.code, 500)
    return redirect(
        url_for(
            "orders.show", community=asked["community"], number=answer["number"], done="submit"
        ),
        303,
    )


def _submit_inquiry(form: Form) -> Any:
    try:
        asked = {
            **_from_whom(form, "text"),
            "kind": form.text("kind"),
            "text": form.text("text"),
        }
        answer = command("workorders", "submit_inquiry", {**asked, COMMAND: form.id})
    except WuyeError as error:
        failed = Form("submit", request.form, error)
        return _page(failed), STATUS.get(error.code, 500)
    return redirect(
        url_for(
            "inquiries.show",
            community=asked["community"],
            number=answer["number"],
            done="submit",
        ),
        303,
    )


def _read(form: Form) -> Data:
    photos = taking.keep_all(form, "photos")
    return {
        **_from_whom(form, "category", "description"),
        "kind": kind_of(form),
        "category": form.text("category"),
        "description": described(form, kind_of(form), form.text("category")),
        "photos": photos,
    }


def _from_whom(form: Form, *needed: str) -> Data:
    """The place, and for staff who says it and how; ``needed``: what else must be filled in."""
    who = the_visitor()
    missing = {name: [NEEDED] for name in ("place", *needed) if not form.text(name).strip()}
    if who.is_staff and not form.text("reporter"):
        missing["reporter"] = [NEEDED]
    if missing:
        raise Invalid("Some fields are empty.", fields=missing)
    asked: Data = {**Place.read(form.text("place")).request()}
    if who.is_staff:
        asked["channel"] = form.text("channel", "page")
        if form.text("reporter") != NOBODY:
            asked["reporter"] = form.text("reporter")
    return asked


def _page(form: Form, found: looking.Found | None = None) -> str:
    """``found``: what is to be looked at before the form is sent again."""
    who = the_visitor()
    if not who.reports():
        raise Forbidden("None of your posts reports anything.", reason="not_your_role")
    groups = places_of_staff(who) if who.is_staff else {}
    choices = [] if who.is_staff else of_homes(query("security", "me", {})["homes"])
    chosen = _chosen(form, [*choices, *(one for group in groups.values() for one in group)])
    kind = kind_of(form)
    return render_template(
        "orders/report.html",
        form=form,
        kind=form.text("kind") if inquires(form) else kind,
        inquires=inquires(form),
        categories=CATEGORIES[kind],
        questions=QUESTIONS[kind],
        answer_field=field,
        choices=choices,
        groups=groups,
        chosen=chosen,
        people=_people(chosen) if who.is_staff and chosen else [],
        channels=CHANNELS,
        nobody=NOBODY,
        staff=who.is_staff,
        found=found,
    )


def inquires(form: Form) -> bool:
    """Whether it is no order that is wanted, but an answer."""
    return form.text("kind") in INQUIRY_KINDS


def _chosen(form: Form, choices: list[Choice]) -> Choice | None:
    return next((one for one in choices if one.value == form.text("place")), None)


def places_of_staff(who: Visitor) -> dict[str, list[Choice]]:
    directory = edge().directory
    known = directory.communities()
    held = known if EVERY in who.works_in() else who.works_in()
    found: dict[str, list[Choice]] = {}
    for community in held:
        if community in known:
            found |= of_community(known[community].name, community, directory.units(community))
    return found


def _people(chosen: Choice) -> list[tuple[str, str]]:
    """Who lives at the place; for a place without a unit, everybody who lives in the community."""
    place = Place.read(chosen.value)
    return [
        (person.id, person.name)
        for person in edge().directory.people(place.community)
        if (place.unit in person.homes if place.unit else place.building is None and person.homes)
        or (place.building and _lives_in(person.homes, place))
    ]


def _lives_in(homes: tuple[str, ...], place: Place) -> bool:
    units = edge().directory.units(place.community)
    return any(home in units and units[home].building == place.building for home in homes)
