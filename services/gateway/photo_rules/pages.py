"""Which work takes photos, before it and after it, by category."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid5

from flask import Blueprint, redirect, render_template, request, url_for

from services.gateway.frame.edge import edge
from services.gateway.frame.forms import COMMAND, Form
from services.gateway.rpc.problems import STATUS
from services.gateway.sessions.calls import command, query
from services.gateway.sessions.visitor import the_visitor
from shared.errors import Forbidden, WuyeError

Data = dict[str, Any]
WHEN = ("before", "after")

blueprint = Blueprint("photo_rules", __name__, template_folder="templates")


@blueprint.get("/photo-rules/<community>")
def index(community: str) -> Any:
    _manager()
    return _page(community, Form("photo_rules"))


@blueprint.post("/photo-rules/<community>")
def set_rules(community: str) -> Any:
    """One command for each category that is to be another than it was."""
    _manager()
    form = Form("photo_rules", request.form)
    ticked = set(form.texts("rule"))
    try:
        for one in _rules(community):
            wanted = {when: f"{_name(one)}:{when}" in ticked for when in WHEN}
            if wanted == {when: one[when] for when in WHEN}:
                continue
            keys = {"community": community, "kind": one["kind"], "category": one["category"]}
            own = {COMMAND: str(uuid5(UUID(form.id), _name(one)))}
            command("workorders", "set_photo_rule", {**keys, **wanted, **own})
    except WuyeError as error:
        failed = Form(form.name, form.values, error)
        return _page(community, failed), STATUS.get(error.code, 500)
    return redirect(url_for("photo_rules.index", community=community, done="1"), 303)


def _manager() -> None:
    if "manager" not in the_visitor().roles():
        raise Forbidden("A manager sets them.", reason="not_your_role")


def _rules(community: str) -> list[Data]:
    found: list[Data] = query("workorders", "photo_rules", {"community": community})["rules"]
    return found


def _name(one: Data) -> str:
    return f"{one['kind']}:{one['category']}"


def _page(community: str, form: Form) -> str:
    rules = _rules(community)
    if form.error:
        ticked = set(form.texts("rule"))
    else:
        ticked = {f"{_name(one)}:{when}" for one in rules for when in WHEN if one[when]}
    return render_template(
        "photo_rules/index.html",
        community=edge().directory.community(community),
        groups={
            kind: [one["category"] for one in rules if one["kind"] == kind]
            for kind in dict.fromkeys(one["kind"] for one in rules)
        },
        ticked=ticked,
        form=form,
        done="done" in request.args,
    )
