"""The admins' pages: people, one person, homes; and every act, confirmed before it is done."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from services.gateway.admin.acts import ACTS, LABELS, place, told
from services.gateway.frame.communities import chosen, holding
from services.gateway.frame.communities import mine as mine_of
from services.gateway.frame.directory import Community
from services.gateway.frame.edge import edge
from services.gateway.frame.forms import COMMAND, Form
from services.gateway.frame.languages import NAMES
from services.gateway.frame.navigation import ADMIN
from services.gateway.frame.safety import local
from services.gateway.orders.places import unit_label
from services.gateway.rpc.problems import STATUS
from services.gateway.sessions.calls import command, query
from services.gateway.sessions.visitor import Visitor
from shared.errors import NotFound, WuyeError
from shared.identity.caller import EVERY

Data = dict[str, Any]
PAGE = 50

blueprint = Blueprint("admin", __name__, template_folder="templates")


def admin() -> Visitor:
    return holding(ADMIN, "This is for admins and managers.")


def everywhere(who: Visitor) -> bool:
    """Whether they are an admin of all there is."""
    return any(post.role == "admin" and post.community == EVERY for post in who.caller.posts)


@blueprint.get("/admin")
def index() -> Any:
    return redirect(url_for("admin.people"), 303)


@blueprint.get("/admin/people")
def people() -> Any:
    who = admin()
    mine, community = chosen(who, ADMIN)
    search = request.args.get("search", "").strip()[:100]
    ask: Data = {"community": community.id, "limit": PAGE}
    if search:
        ask["search"] = search
    if request.args.get("after"):
        ask["after"] = request.args["after"]
    found = query("security", "people", ask)
    return render_template(
        "admin/people.html",
        communities=mine,
        community=community,
        search=search,
        people=[_listed(one, community.id) for one in found["people"]],
        next=found["next"],
        late_now=found["behind"],
        form=Form("register_person"),
        languages_=NAMES,
        done=_done(),
        everywhere=everywhere(who),
    )


def _listed(one: Data, community: str) -> Data:
    units = edge().directory.units(community)
    homes = [units[home["unit"]] for home in one["homes"] if home["unit"] in units]
    return {
        **one,
        "places": [unit_label(unit.building_name, unit.code) for unit in homes],
        "roles": list(dict.fromkeys(post["role"] for post in one["posts"])),
    }


@blueprint.get("/admin/people/<person>")
def person(person: str) -> Any:
    who = admin()
    found = query("security", "person", {"person": person})
    mine = mine_of(who, ADMIN)
    directory = edge().directory
    # the people of the company work in any community
    own = [one for one in mine if found["community"] in (one.id, "_")] or mine[:1]
    units = {
        id_: unit_label(unit.building_name, unit.code)
        for one in own
        for id_, unit in directory.units(one.id).items()
    }
    accounts = found.get("accounts", [])
    superiors = directory.names(post["superior"] for post in found["posts"])
    return render_template(
        "admin/person.html",
        one=found,
        home=place(directory, found["community"]),
        zone=directory.community(found["community"]).zone,
        units=units,
        all_units={**units, **_units_of(found["tenancies"])},
        accounts=[
            {**account, "form": Form(f"grant-{number}")}
            for number, account in enumerate(accounts, start=1)
        ],
        posts=[
            {
                **post,
                "where": place(directory, post["community"]),
                "only": [
                    directory.building(post["community"], one) or ""
                    for one in post["buildings"] or ()
                ],
                "superior_name": superiors.get(post["superior"] or ""),
                "account": next(
                    (one["account"] for one in accounts if post["post"] in one["posts"]), None
                ),
            }
            for post in found["posts"]
        ],
        places=[(EVERY, place(directory, EVERY))] * everywhere(who)
        + [(one.id, one.name) for one in mine],
        buildings=_buildings(own),
        staff=_staff(own),
        form=Form("person"),
        done=_done(),
        everywhere=everywhere(who),
        late_now=found["behind"],
    )


def _units_of(tenancies: list[Data]) -> dict[str, str]:
    directory = edge().directory
    found = {}
    for one in tenancies:
        unit = directory.unit(one["community"], one["unit"])
        if unit is not None:
            found[one["unit"]] = unit_label(unit.building_name, unit.code)
    return found


def _buildings(mine: list[Community]) -> list[tuple[str, str]]:
    return [pair for one in mine for pair in edge().directory.buildings(one.id).items()]


def _staff(mine: list[Community]) -> list[tuple[str, str]]:
    """Who may be somebody's superior."""
    found = {}
    for one in mine:
        for each in edge().directory.people(one.id):
            if any(role in ("supervisor", "manager", "admin") for role, _, _ in each.posts):
                found[each.id] = each.name
    return list(found.items())


@blueprint.get("/admin/homes")
def homes() -> Any:
    who = admin()
    mine, community = chosen(who, ADMIN)
    ask: Data = {"community": community.id, "limit": 1000}
    if request.args.get("after"):
        ask["after"] = request.args["after"]
    found = query("security", "units", ask)
    groups: dict[str, list[str]] = {}
    for unit in found["units"]:
        groups.setdefault(unit["building_name"], []).append(unit["code"])
    return render_template(
        "admin/homes.html",
        communities=mine,
        community=community,
        groups=groups,
        buildings=_buildings([community]),
        next=found["next"],
        late_now=found["behind"],
        form=Form("homes"),
        done=_done(),
        everywhere=everywhere(who),
    )


@blueprint.post("/admin/do/<name>")
def do(name: str) -> Any:
    """First what is going to be done is told; with ``confirmed`` it is done."""
    admin()
    act = ACTS.get(name)
    if act is None:
        raise NotFound("There is no such act.")
    form = Form(name, request.form)
    back = local(form.text("back"), url_for("admin.people"))
    try:
        asked = act.read(form)
        if form.text("confirmed") != "1":
            return _confirm(name, form, back)
        if act.password:
            asked["password"] = form.text("password")
        answer = command("security", name, {**asked, COMMAND: form.id})
    except WuyeError as error:
        status = STATUS.get(error.code, 500)
        return _confirm(name, Form(name, request.form, error), back), status
    if name in ("register_person", "forget_person"):
        return redirect(url_for("admin.person", person=answer["id"], done=name), 303)
    return redirect(f"{back}{'&' if '?' in back else '?'}done={name}", 303)


def _confirm(name: str, form: Form, back: str) -> str:
    act = ACTS[name]
    kept = [
        (field, value)
        for field in dict.fromkeys((*act.shown, *act.fields))
        for value in form.texts(field)
    ]
    return render_template(
        "admin/confirm.html",
        act=act,
        name=name,
        form=form,
        back=back,
        kept=kept,
        rows=told(act, form, edge().directory),
        labels=LABELS,
        faults=[
            (field, text)
            for field, texts in (form.error.fields if form.error else {}).items()
            if field != "password"
            for text in texts
        ],
    )


def _done() -> Any:
    act = ACTS.get(request.args.get("done", ""))
    return act.done if act is not None else None
