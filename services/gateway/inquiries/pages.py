"""The list of inquiries, one with its answer, and by when they are answered."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from services.gateway.frame import live
from services.gateway.frame.edge import edge
from services.gateway.frame.forms import COMMAND, Form
from services.gateway.frame.words import CATEGORIES, INQUIRY_KINDS, INQUIRY_TABS
from services.gateway.orders import places
from services.gateway.orders.typed import needed, whole
from services.gateway.rpc.problems import STATUS
from services.gateway.sessions.calls import command, query
from services.gateway.sessions.visitor import Visitor, the_visitor
from services.gateway.uploads.pages import picture
from shared.errors import Forbidden, Invalid, NotFound, WuyeError
from shared.identity.caller import EVERY

Data = dict[str, Any]
PAGE = 20
# form name to method
ACTS = {"answer": "answer_inquiry", "convert": "convert_inquiry"}
SETTERS = ("manager", "admin")
HOURS_A_DAY = 24
# written without a name behind the QR code of a sign, for a receipt
SIGN = "qr"

blueprint = Blueprint("inquiries", __name__, template_folder="templates")


@blueprint.get("/inquiries")
def index() -> Any:
    who = the_visitor()
    tab = request.args.get("tab", "all")
    tab = tab if tab in INQUIRY_TABS else "all"
    ask: Data = {**INQUIRY_TABS[tab][0], "limit": PAGE}
    if request.args.get("cursor"):
        ask["cursor"] = request.args["cursor"]
    page = query("workorders", "inquiries", ask)
    mark = live.mark_of(page["inquiries"], page["next"], page["behind"])
    if live.unchanged(mark):
        return "", 304
    return render_template(
        "inquiries/index.html",
        inquiries=[_listed(one) for one in page["inquiries"]],
        next=page["next"],
        late_now=page["behind"],
        mark=mark,
        tab=tab,
        staff=who.is_staff,
        sets=bool(_set_by(who)),
    )


def _listed(one: Data) -> Data:
    community = edge().directory.community(one["community"])
    return {**one, "zone": community.zone, "place": places.label(edge().directory, one)}


@blueprint.get("/inquiries/<community>/<number>")
def show(community: str, number: str) -> Any:
    the_visitor()
    try:
        found = _inquiry(community, number)
    except NotFound:
        if request.args.get("done") != "submit":
            raise
        # The list of numbers follows the log by a moment.
        return render_template("orders/coming.html", number=number), 202
    if live.unchanged(str(found["version"])):
        return "", 304
    return _page(found)


@blueprint.post("/inquiries/<community>/<number>/<act>")
def act(community: str, number: str, act: str) -> Any:
    the_visitor()
    if act not in ACTS:
        raise NotFound("There is no such command.")
    found = _inquiry(community, number)
    form = Form(act, request.form)
    try:
        command("workorders", ACTS[act], {"id": found["id"], COMMAND: form.id, **_read(act, form)})
    except WuyeError as error:
        failed = Form(act, request.form, error)
        return _page(_inquiry(community, number), failed), STATUS.get(error.code, 500)
    return redirect(url_for("inquiries.show", community=community, number=number, done=act), 303)


@blueprint.get("/inquiries/<community>/<number>/photos/<photo>")
def photo(community: str, number: str, photo: str) -> Any:
    """``?size=small`` for the small one."""
    the_visitor()
    if photo not in _inquiry(community, number)["photos"]:
        raise NotFound("This inquiry has no such photo.")
    return picture(photo, small=request.args.get("size") == "small")


@blueprint.route("/inquiries/deadlines", methods=["GET", "POST"])
def deadlines() -> Any:
    """Within how many days each kind is to be answered, a community at a time."""
    communities = _set_by(the_visitor())
    if not communities:
        raise Forbidden("Only managers and administrators set these.", reason="not_your_role")
    community = request.values.get("community") or communities[0]
    if request.method == "POST":
        form = Form("deadlines", request.form)
        try:
            hours = {kind: _hours(form, kind) for kind in INQUIRY_KINDS}
            ask = {"community": community, COMMAND: form.id, **hours}
            command("workorders", "set_answer_deadlines", ask)
        except WuyeError as error:
            failed = Form("deadlines", request.form, error)
            status = STATUS.get(error.code, 500)
            return _deadlines_page(community, communities, failed), status
        return redirect(url_for("inquiries.deadlines", community=community, done=1), 303)
    found = query("workorders", "answer_deadlines", {"community": community})
    days = MultiDict({kind: str(-(-found[kind] // HOURS_A_DAY)) for kind in INQUIRY_KINDS})
    return _deadlines_page(community, communities, Form("deadlines", days))


def _deadlines_page(community: str, communities: list[str], form: Form) -> str:
    known = edge().directory.communities()
    return render_template(
        "inquiries/deadlines.html",
        form=form,
        community=community,
        communities=[(one, known[one].name) for one in communities],
        done="done" in request.args,
    )


def _hours(form: Form, kind: str) -> int:
    needed(form, kind)
    return whole(form.text(kind), kind, 0) * HOURS_A_DAY


def _set_by(who: Visitor) -> list[str]:
    known = edge().directory.communities()
    held = {post.community for post in who.caller.posts if post.role in SETTERS}
    return sorted(known) if EVERY in held else sorted(held & set(known))


def _inquiry(community: str, number: str) -> Data:
    return query("workorders", "inquiry", {"community": community, "number": number[:30]})


def _read(act: str, form: Form) -> Data:
    if act == "answer":
        return {"answer": needed(form, "answer")}
    kind, _, category = needed(form, "category").partition(".")
    if category not in CATEGORIES.get(kind, {}):
        raise Invalid("There is no such category.", fields={"category": ["This is needed."]})
    return {"kind": kind, "category": category}


def _page(found: Data, form: Form | None = None) -> str:
    who = the_visitor()
    directory = edge().directory
    community = directory.community(found["id"].partition(".")[0])
    g.zone = community.zone
    names = directory.names(
        person
        for person in (found["reporter"], found["taken_by"], found["answered_by"])
        if person is not None
    )
    forms = {name: Form(name) for name, method in ACTS.items() if method in found["allowed"]}
    if form is not None:
        forms[form.name] = form
    done = request.args.get("done", "")
    return render_template(
        "inquiries/show.html",
        inquiry=found,
        community=community,
        zone=community.zone,
        place=places.label(directory, found),
        names=names,
        staff=who.is_staff,
        forms=forms,
        failed=form,
        done=done,
        reached=found["reporter"] is not None or found["channel"] == SIGN,
        answered=answered(found),
        becomes=becomes(found),
    )


def answered(found: Data) -> str:
    """Where the answer is: only who is named is told of it."""
    if found["reporter"] is not None:
        return _("The answer is sent.")
    if found["channel"] == SIGN:
        return _("Whoever wrote it sees the answer with their code.")
    return _("Nobody is named to whom it could be sent: the answer is only kept here.")


def becomes(found: Data) -> str:
    """What an order made of it is like, and whether anybody hears of it."""
    if found["reporter"] is not None:
        return _(
            "The order has the same place, words and photos, and tells the reporter what becomes of"
            " it."
        )
    if found["channel"] == SIGN:
        return _(
            "The order has the same place, words and photos. Whoever wrote it sees with their code"
            " what becomes of it."
        )
    return _(
        "The order has the same place, words and photos. Nobody is named whom it could tell what"
        " becomes of it."
    )
