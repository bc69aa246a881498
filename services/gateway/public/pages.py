"""Reporting from a sign, following by receipt, and the signs themselves to print."""

from __future__ import annotations

from typing import Any

import segno
from flask import Blueprint, current_app, g, redirect, render_template, request, url_for

from services.gateway.frame import forms, live
from services.gateway.frame.edge import edge
from services.gateway.frame.forms import COMMAND, Form
from services.gateway.frame.limits import Limit, address, limit_of
from services.gateway.frame.words import CATEGORIES
from services.gateway.orders import places
from services.gateway.orders.looking import kind_of
from services.gateway.orders.places import Place
from services.gateway.orders.questions import QUESTIONS, described, field
from services.gateway.orders.reader import Reader
from services.gateway.orders.reporting import inquires, places_of_staff
from services.gateway.orders.timeline import steps
from services.gateway.orders.typed import NEEDED
from services.gateway.public import inquiries
from services.gateway.public.codes import Codes, Receipt
from services.gateway.rpc.problems import STATUS
from services.gateway.sessions import seen
from services.gateway.sessions.calls import COMMAND_SECONDS, as_edge, query
from services.gateway.sessions.visitor import the_visitor, visitor
from shared.errors import Forbidden, Invalid, NotFound, Unavailable, WuyeError

Data = dict[str, Any]
REPORTS = "wuye.reports"
TRIES = "wuye.tries"
TOO_OFTEN = "too_many_from_here"
MINUTES = 10
MOST_REPORTS = 5
MOST_WRONG = 20
# who of the office checks the work that nobody with a name has asked for, the first there is
CHECKERS = ("dispatcher", "supervisor", "manager")

blueprint = Blueprint("public", __name__, template_folder="templates")


@blueprint.record_once
def _prepare(state: Any) -> None:
    state.app.extensions[REPORTS] = Limit(MOST_REPORTS, minutes=MINUTES, reason=TOO_OFTEN)
    state.app.extensions[TRIES] = Limit(MOST_WRONG, minutes=MINUTES, reason=TOO_OFTEN)


@blueprint.get("/q/<community>/<code>")
def report(community: str, code: str) -> Any:
    return _report_page(community, code, Form("submit", request.args))


@blueprint.post("/q/<community>/<code>")
def submit(community: str, code: str) -> Any:
    form = Form("submit", request.form)
    place = _place(community, code)
    try:
        limit_of(REPORTS).check(address())
        forms.check()
        method = "submit_inquiry" if inquires(form) else "submit"
        asked = inquiries.read(form, place) if inquires(form) else _read(form, place)
        answer = as_edge("workorders", method, {**asked, COMMAND: form.id}, COMMAND_SECONDS)
    except WuyeError as error:
        failed = Form("submit", request.form, error)
        return _report_page(community, code, failed), STATUS.get(error.code, 500)
    limit_of(REPORTS).count(address())
    seen.remember(answer)
    receipt = _codes().receipt(community, answer["number"])
    return redirect(url_for("public.receipt", code=receipt, done="submit"), 303)


@blueprint.get("/follow")
def follow() -> Any:
    """The field for a receipt; with one typed into it, on to what it shows."""
    typed = request.args.get("code", "")
    if not typed:
        return render_template("public/follow.html", typed="", wrong=False)
    found = _checked(typed)
    if found is None:
        return render_template("public/follow.html", typed=typed[:80], wrong=True), 404
    return redirect(url_for("public.receipt", code=_codes().receipt(*found)), 303)


@blueprint.get("/follow/<code>")
def receipt(code: str) -> Any:
    """The state of an order and its steps: no words of anybody's, no names."""
    found = _checked(code)
    if found is None:
        raise NotFound("There is no such receipt.")
    if inquiries.is_one(found):
        return inquiries.page(_codes(), found)
    ask = {"community": found.community, "number": found.number}
    try:
        order = as_edge("workorders", "get", ask)
    except NotFound:
        if request.args.get("done") != "submit":
            raise
        return render_template("orders/coming.html", number=found.number), 202
    mark = str(order["version"])
    if live.unchanged(mark):
        return "", 304
    events = as_edge("workorders", "history", {"id": order["id"]})["events"]
    community = edge().directory.community(found.community)
    g.zone = community.zone
    return render_template(
        "public/receipt.html",
        order=order,
        steps=steps(Reader(order, {}, "", staff=False), events)[::-1],
        place=places.label(edge().directory, order),
        community=community,
        zone=community.zone,
        code=_codes().receipt(*found),
        mark=mark,
        submitted=request.args.get("done") == "submit",
    )


@blueprint.get("/signs")
def signs() -> Any:
    """The signs of one building, or of the grounds, to print and put up: for the office."""
    who = the_visitor()
    if not who.is_staff or not who.reports():
        raise Forbidden("Signs are the office's.", reason="not_your_role")
    groups = places_of_staff(who)
    wanted = request.args.get("of", "")
    chosen = wanted if wanted in groups else next(iter(groups), None)
    return render_template(
        "public/signs.html",
        groups=list(groups),
        chosen=chosen,
        signs=[_sign(one.value, one.label) for one in groups.get(chosen or "", ())],
    )


def _sign(place: str, label: str) -> Data:
    path = f"q/{_codes().of_place(place)}"
    address = request.host_url + path
    code = segno.make_qr(address, error="m")
    return {
        "label": label,
        "path": f"/{path}",
        "svg": code.svg_inline(border=0, omitsize=True, svgclass="code", lineclass=None),
    }


# -- reporting -------------------------------------------------------------------------------------


def _report_page(community: str, code: str, form: Form) -> str:
    place = _place(community, code)
    kind = kind_of(form)
    return render_template(
        "public/report.html",
        form=form,
        kind=form.text("kind") if inquires(form) else kind,
        inquires=inquires(form),
        categories=CATEGORIES[kind],
        questions=QUESTIONS[kind],
        answer_field=field,
        place=_label(place),
        path=request.path,
        own=_own(place),
    )


def _own(place: Place) -> str | None:
    """The place as the visitor's own form names it, where they live there and may report it so."""
    who = visitor()
    if who is None or who.is_staff:
        return None
    homes = places.of_homes(query("security", "me", {})["homes"])
    return next((one.value for one in homes if Place.read(one.value) == place), None)


def _read(form: Form, place: Place) -> Data:
    missing = {
        name: [NEEDED] for name in ("category", "description") if not form.text(name).strip()
    }
    if missing:
        raise Invalid("Some fields are empty.", fields=missing)
    return {
        **place.request(),
        "kind": kind_of(form),
        "category": form.text("category"),
        "description": described(form, kind_of(form), form.text("category")),
        "channel": "qr",
        "accepter": _checker(place),
    }


def _checker(place: Place) -> str:
    building = place.building
    if place.unit is not None:
        unit = edge().directory.unit(place.community, place.unit)
        building = unit.building if unit else None
    people = edge().directory.people(place.community)
    for role in CHECKERS:
        for person in people:
            if person.holds(role, place.community, building):
                return person.id
    raise Unavailable("Nobody of the office can be found to see to it.")


def _place(community: str, code: str) -> Place:
    value = _codes().place(community, code)
    if value is None:
        raise NotFound("There is no such sign.")
    return Place.read(value)


def _label(place: Place) -> str:
    here = {"id": f"{place.community}.", "unit": place.unit, "building": place.building}
    name = edge().directory.community(place.community).name
    return f"{name} · {places.label(edge().directory, here)}"


# -- following -------------------------------------------------------------------------------------


def _checked(text: str) -> Receipt | None:
    """What a receipt names; raises ``Busy`` where an address has tried too many wrong ones."""
    limit_of(TRIES).check(address())
    found = _codes().read_receipt(text[:80])
    if found is None:
        limit_of(TRIES).count(address())
    return found


def _codes() -> Codes:
    secret: Any = current_app.secret_key
    return Codes(secret)
