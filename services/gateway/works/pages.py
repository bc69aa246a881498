"""What everybody may see of finished works, without a log-in, and what they can say against it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from services.gateway.frame import forms
from services.gateway.frame.edge import edge
from services.gateway.frame.forms import COMMAND, Form
from services.gateway.frame.limits import Limit, address, limit_of
from services.gateway.orders.places import shared_label
from services.gateway.orders.typed import NEEDED
from services.gateway.public.pages import MINUTES, TOO_OFTEN
from services.gateway.rpc.problems import STATUS
from services.gateway.sessions import seen
from services.gateway.sessions.calls import COMMAND_SECONDS, as_edge
from services.gateway.uploads.pages import served
from shared.errors import Invalid, NotFound, WuyeError

Data = dict[str, Any]
FLAGS = "wuye.flags"
MOST_FLAGS = 5
# why something should not be seen by everybody
UNSUITABLE = {
    "personal": _l("It shows people or private things"),
    "offensive": _l("It offends"),
    "wrong_photo": _l("It shows something else"),
    "other": _l("Another reason"),
}

blueprint = Blueprint("works", __name__, template_folder="templates", url_prefix="/works")


@blueprint.record_once
def _prepare(state: Any) -> None:
    state.app.extensions[FLAGS] = Limit(MOST_FLAGS, minutes=MINUTES, reason=TOO_OFTEN)


@blueprint.get("/")
def boards() -> Any:
    found = as_edge("workorders", "public_boards", {})["communities"]
    if len(found) == 1:
        return redirect(url_for("works.index", community=found[0]), 303)
    directory = edge().directory
    named = sorted((directory.community(one).name, one) for one in found)
    return render_template("works/boards.html", boards=named)


@blueprint.get("/<community>")
def index(community: str) -> Any:
    ask: Data = {"community": community}
    if request.args.get("cursor"):
        ask["cursor"] = request.args["cursor"][:200]
    page = as_edge("workorders", "public_works", ask)
    where = edge().directory.community(community)
    return render_template(
        "works/index.html",
        community=where,
        works=[shown(work) for work in page["works"]],
        next=page["next"],
        later="cursor" in ask,
    )


@blueprint.get("/<community>/<number>")
def show(community: str, number: str) -> Any:
    return _page(community, number, Form("flag"))


@blueprint.post("/<community>/<number>/flag")
def flag(community: str, number: str) -> Any:
    """Whoever it was stays unknown: it is the edge that says so."""
    form = Form("flag", request.form)
    try:
        limit_of(FLAGS).check(address())
        forms.check()
        if form.text("reason") not in UNSUITABLE:
            raise Invalid("A field is empty.", fields={"reason": [NEEDED]})
        work = _work(community, number)
        ask = {"id": work["id"], "reason": form.text("reason"), COMMAND: form.id}
        answer = as_edge("workorders", "flag_published", ask, COMMAND_SECONDS)
    except NotFound:
        raise
    except WuyeError as error:
        failed = Form("flag", request.form, error)
        return _page(community, number, failed), STATUS.get(error.code, 500)
    limit_of(FLAGS).count(address())
    seen.remember(answer)
    return redirect(url_for("works.show", community=community, number=number, done="flag"), 303)


@blueprint.get("/<community>/<number>/photos/<photo>")
def photo(community: str, number: str, photo: str) -> Response:
    """``?size=small`` for the small one."""
    return shown_photo(_work(community, number), photo, small=request.args.get("size") == "small")


def shown_photo(work: Data, photo: str, *, small: bool) -> Response:
    """The photo, if it is one of the published work. Nobody keeps it: hidden, it is gone at once.

    Raises ``NotFound``.
    """
    if photo not in work["photos"]:
        raise NotFound("This work has no such photo.")
    response = served(photo, small=small)
    response.headers["Cache-Control"] = "no-store"
    return response


def _work(community: str, number: str) -> Data:
    return as_edge("workorders", "public_work", {"community": community, "number": number[:30]})


def _page(community: str, number: str, form: Form) -> str:
    work = _work(community, number)
    g.zone = edge().directory.community(community).zone
    return render_template(
        "works/show.html",
        community=edge().directory.community(community),
        work=shown(work),
        form=form,
        reasons=UNSUITABLE,
        flagged=request.args.get("done") == "flag",
    )


def shown(work: Data) -> Data:
    """With its place in words and its community's time zone."""
    community = work["id"].partition(".")[0]
    name = edge().directory.building(community, work["building"])
    if work["building"] is None:
        place = _("Common ground")
    else:
        place = name or shared_label(_("A building"))
    zone = edge().directory.community(community).zone
    return {**work, "place": place, "zone": zone, "community": community}
