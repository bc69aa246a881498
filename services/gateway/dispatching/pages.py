"""The page of the dispatch rules: modes, what counts how much, and why whom was sent."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid5

from flask import Blueprint, redirect, render_template, request, url_for

from services.gateway.dispatching import reasons
from services.gateway.frame import communities, words
from services.gateway.frame.directory import Community
from services.gateway.frame.edge import edge
from services.gateway.frame.forms import COMMAND, Form
from services.gateway.frame.navigation import RULES
from services.gateway.orders import places
from services.gateway.rpc.problems import STATUS
from services.gateway.sessions.calls import command, query
from shared.errors import Busy, Invalid, TimedOut, Unavailable, WuyeError

Data = dict[str, Any]
READERS = RULES | {"dispatcher"}
MOST_DECISIONS = 20

blueprint = Blueprint("dispatching", __name__, template_folder="templates")


def _community() -> Community:
    return _choice()[1]


def _choice() -> tuple[list[Community], Community]:
    who = communities.holding(READERS, "This is for those who lead.")
    return communities.chosen(who, READERS)


@blueprint.get("/dispatching")
def show() -> Any:
    return _page()


@blueprint.post("/dispatching/modes")
def set_modes() -> Any:
    """Those that were changed, each a command of its own."""
    community = _community()
    form = Form("modes", request.form)
    try:
        for one in _rules(community)["modes"]:
            name = f"{one['kind']}:{one['category']}"
            wanted = {
                "mode": form.text(f"mode.{name}", one["mode"]),
                "certificate_required": form.text(f"certificate.{name}") == "1",
            }
            if wanted != {part: one[part] for part in wanted}:
                id_ = str(uuid5(UUID(form.id), name))
                place = {"community": community.id, "kind": one["kind"]}
                asked = {**place, "category": one["category"], **wanted}
                command("workorders", "set_mode", {**asked, COMMAND: id_})
    except WuyeError as error:
        return _page(Form("modes", request.form, error)), STATUS.get(error.code, 500)
    return redirect(url_for("dispatching.show", community=community.id, done="modes"), 303)


@blueprint.post("/dispatching/weights")
def set_weights() -> Any:
    community = _community()
    form = Form("weights", request.form)
    try:
        asked = {name: _number(form, name) for name in (*reasons.PARTS, "capacity")}
        command("workorders", "set_weights", {"community": community.id, COMMAND: form.id, **asked})
    except WuyeError as error:
        return _page(Form("weights", request.form, error)), STATUS.get(error.code, 500)
    return redirect(url_for("dispatching.show", community=community.id, done="weights"), 303)


@blueprint.post("/dispatching/places")
def place_buildings() -> Any:
    """Where buildings stand: those that were changed, each a command of its own."""
    community = _community()
    form = Form("places", request.form)
    try:
        known = _rules(community)["buildings"]
        asked = []
        for building in edge().directory.buildings(community.id):
            given = form.text(f"x.{building}").strip() or form.text(f"y.{building}").strip()
            # what is known is changed and not taken back: an empty field of it is a fault
            if given or building in known:
                spot = {part: _number(form, f"{part}.{building}") for part in ("x", "y")}
                if spot != known.get(building):
                    asked.append({"building": building, **spot})
        for one in asked:
            id_ = str(uuid5(UUID(form.id), one["building"]))
            command("workorders", "place_building", {**one, COMMAND: id_})
    except WuyeError as error:
        return _page(Form("places", request.form, error)), STATUS.get(error.code, 500)
    return redirect(url_for("dispatching.show", community=community.id, done="places"), 303)


def _number(form: Form, name: str) -> int:
    text = form.text(name).strip()
    if not text.removeprefix("-").isdecimal():
        raise Invalid("No number.", fields={name: ["A whole number is expected."]})
    return int(text)


def _rules(community: Community) -> Data:
    return query("workorders", "modes", {"community": community.id})


def _page(failed: Form | None = None) -> str:
    mine, community = _choice()
    rules = _rules(community)
    weights = Form("weights")
    weights.values.update({name: str(value) for name, value in rules["weights"].items()})
    if failed is not None and failed.name == "weights":
        weights = failed
    who = communities.holding(READERS, "")
    groups: dict[str, list[Data]] = {}
    for one in rules["modes"]:
        groups.setdefault(one["kind"], []).append(
            {
                **one,
                "name": f"{one['kind']}:{one['category']}",
                "label": words.category(one["kind"], one["category"]),
                "skill": one["kind"] == "repair" and one["category"] in words.SKILLS,
            }
        )
    return render_template(
        "dispatching/index.html",
        communities=mine,
        community=community,
        zone=community.zone,
        sets=who.caller.has("manager", community.id),
        rules=rules,
        groups=groups,
        modes=reasons.MODES,
        parts=reasons.PARTS,
        form=failed if failed is not None and failed.name == "modes" else Form("modes"),
        weights=weights,
        places=failed if failed is not None and failed.name == "places" else _placed(rules),
        buildings=list(edge().directory.buildings(community.id).items()),
        decisions=_decisions(community),
        excluded=reasons.EXCLUDED,
        done=request.args.get("done") in ("modes", "weights", "places"),
        late_now=rules["behind"],
    )


def _placed(rules: Data) -> Form:
    form = Form("places")
    for building, spot in rules["buildings"].items():
        form.values.update({f"{part}.{building}": str(spot[part]) for part in ("x", "y")})
    return form


def _decisions(community: Community) -> list[Data] | None:
    """None where they cannot be had: the rules are worth showing without."""
    ask = {"community": community.id, "limit": MOST_DECISIONS}
    try:
        found = query("workorders", "decisions", ask)["decisions"]
    except (Busy, TimedOut, Unavailable):
        return None
    names = edge().directory.names(
        each["technician"] for one in found for each in (one, *one["candidates"], *one["excluded"])
    )
    return [
        {
            **one,
            "place": places.label(edge().directory, one),
            "name": names.get(one["technician"]),
            "why": words.CHOICE_REASONS[one["reason"]],
            "candidates": [_named(each, names) for each in one["candidates"]],
            "excluded": [_named(each, names) for each in one["excluded"]],
        }
        for one in found
    ]


def _named(one: Data, names: dict[str, str]) -> Data:
    return {**one, "name": names.get(one["technician"])}
