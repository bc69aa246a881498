"""The page where supervisors and managers keep the canned answers of a community."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l

from services.gateway.frame import languages, words
from services.gateway.frame.communities import held, mine
from services.gateway.frame.edge import edge
from services.gateway.frame.forms import COMMAND, Form
from services.gateway.frame.navigation import CANNED_ANSWERS
from services.gateway.orders.typed import NEEDED
from services.gateway.rpc.problems import STATUS
from services.gateway.sessions.calls import command, query
from services.gateway.sessions.visitor import Visitor, the_visitor
from shared.errors import Forbidden, Invalid, WuyeError

Data = dict[str, Any]
USES = {
    "decline": _l("Declining"),
    "pause": _l("Pausing"),
    "answer_rating": _l("Answering a rating"),
    "comment": _l("Comments"),
}
KINDS = {f"{kind}:": label for kind, label in words.KINDS.items()}
# what is said after each
DONE = {"kept": _l("It is kept."), "withdrawn": _l("It is withdrawn.")}

blueprint = Blueprint("canned_answers", __name__, template_folder="templates")


@blueprint.get("/canned-answers")
def index() -> Any:
    return _page(_community(), Form("new"))


@blueprint.post("/canned-answers/<community>")
def keep(community: str) -> Any:
    _keeper()
    answer = request.form.get("answer", "")
    form = Form(answer or "new", request.form)
    try:
        asked = {"community": community, COMMAND: form.id, **_read(form)}
        command("workorders", "keep_canned_answer", asked | ({"answer": answer} if answer else {}))
    except WuyeError as error:
        failed = Form(form.name, form.values, error)
        return _page(community, failed), STATUS.get(error.code, 500)
    return redirect(url_for("canned_answers.index", community=community, done="kept"), 303)


@blueprint.post("/canned-answers/<community>/withdraw")
def withdraw(community: str) -> Any:
    _keeper()
    form = Form("withdraw", request.form)
    asked = {"community": community, COMMAND: form.id, "answer": form.text("answer")}
    command("workorders", "withdraw_canned_answer", asked)
    return redirect(url_for("canned_answers.index", community=community, done="withdrawn"), 303)


def _keeper() -> Visitor:
    who = the_visitor()
    if CANNED_ANSWERS.isdisjoint(who.roles()):
        raise Forbidden("Supervisors and managers keep them.", reason="not_your_role")
    return who


def _community() -> str:
    """The one asked for, or the first where they keep any."""
    known = held(_keeper(), CANNED_ANSWERS)
    asked = request.args.get("community", "")
    return asked if asked in known or not known else known[0]


def _read(form: Form) -> Data:
    kind, _, category = form.text("category").partition(":")
    wordings = [
        {"language": code, "text": form.text(code)}
        for code in languages.NAMES
        if form.text(code).strip()
    ]
    missing = {} if form.text("use") else {"use": [NEEDED]}
    if not wordings:
        missing["wordings"] = [NEEDED]
    if missing:
        raise Invalid("Some fields are empty.", fields=missing)
    return {
        "use": form.text("use"),
        "kind": kind or None,
        "category": category or None,
        "state": form.text("state") or None,
        "wordings": wordings,
    }


def _page(community: str, form: Form) -> str:
    who = _keeper()
    found = query("workorders", "canned_answers", {"community": community})["canned_answers"]
    forms = {one["answer"]: _filled(one) for one in found}
    if form.name in forms:
        forms[form.name] = form
    return render_template(
        "canned_answers/index.html",
        community=edge().directory.community(community),
        communities=mine(who, CANNED_ANSWERS),
        uses=USES,
        groups={
            use: [one for one in found if one["use"] == use]
            for use in USES
            if any(one["use"] == use for one in found)
        },
        forms=forms,
        new=form if form.name not in forms else Form("new"),
        failed=form.name if form.error else "",
        done=DONE.get(request.args.get("done", "")),
        names=languages.NAMES,
        state_words={name: words.state(name, "", staff=True) for name in STATES},
        kinds=KINDS,
        fresh=lambda: str(uuid4()),
    )


# "merged" is how a page tells of a declined order
STATES = tuple(name for name in words.STATES if "." not in name and name != "merged")


def _filled(one: Data) -> Form:
    """A form with what is kept now."""
    form = Form(one["answer"])
    form.values.update(
        {
            "use": one["use"],
            "category": f"{one['kind']}:{one['category'] or ''}" if one["kind"] else "",
            "state": one["state"] or "",
            **{each["language"]: each["text"] for each in one["wordings"]},
        }
    )
    return form
