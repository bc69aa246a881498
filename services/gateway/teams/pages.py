"""The pages of teams: a week of everybody, one person's record, how evenly work is spread."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from services.gateway.frame import communities, formats, words
from services.gateway.frame.directory import Community
from services.gateway.frame.edge import edge
from services.gateway.frame.forms import COMMAND, Form
from services.gateway.frame.navigation import TEAMS
from services.gateway.rpc.problems import STATUS
from services.gateway.sessions.calls import command, query
from services.gateway.sessions.visitor import Visitor
from services.gateway.teams.acts import ACTS, renamed
from services.gateway.teams.week import Week, standing
from shared.errors import Busy, NotFound, TimedOut, Unavailable, WuyeError
from shared.identity.caller import EVERY

Data = dict[str, Any]

blueprint = Blueprint("teams", __name__, template_folder="templates")


def _leader() -> Visitor:
    return communities.holding(TEAMS, "This is for those who lead or dispatch staff.")


@blueprint.get("/teams")
def index() -> Any:
    mine, community = communities.chosen(_leader(), TEAMS)
    today = edge().clock.now().astimezone(community.zone).date()
    week = Week.of(request.args.get("week", ""), today, community.zone)
    ask = {"community": community.id, "since": week.since, "until": week.until}
    found = query("workorders", "roster", ask)
    names = edge().directory.names(
        id_ for one in found["people"] for id_ in (one["person"], one["superior"])
    )
    return render_template(
        "teams/index.html",
        communities=mine,
        community=community,
        week=week,
        today=today,
        teams=_teams(found["people"], week, names, today),
        fairness=_fairness(community, names),
        skills=words.CATEGORIES["repair"],
        late_now=found["behind"],
    )


def _teams(
    people: list[Data], week: Week, names: dict[str, str], today: date
) -> list[tuple[str | None, list[Data]]]:
    teams: dict[str | None, list[Data]] = {}
    for one in people:
        name = names.get(one["person"])
        if name is None:
            continue  # forgotten
        shown = {
            **one,
            "name": name,
            "superior_name": names.get(one["superior"] or ""),
            "days": week.pieces(one),
            "certificates": _certificates(one["certificates"], today),
        }
        teams.setdefault(one["team"], []).append(shown)
    for members in teams.values():
        members.sort(key=lambda one: ("technician" not in one["roles"], one["name"]))
    return list(teams.items())


def _certificates(found: list[Data], today: date) -> list[Data]:
    """The first to expire first."""
    told = [{**one, "standing": standing(one, today)} for one in found]
    return sorted(told, key=lambda one: str(one["valid_until"]))


def _fairness(community: Community, names: dict[str, str]) -> Data | None:
    """None where it cannot be had: the week is worth showing without."""
    try:
        found = query("workorders", "fairness", {"community": community.id})
    except (Busy, TimedOut, Unavailable):
        return None
    most = max((one["given"] for one in found["technicians"]), default=0)
    return {
        **found,
        "most": most,
        "people": [
            {**one, "name": names[one["technician"]]}
            for one in found["technicians"]
            if one["technician"] in names
        ],
    }


@blueprint.get("/teams/<person>")
def show(person: str) -> Any:
    return _person_page(person, done=request.args.get("done", ""))


@blueprint.post("/teams/<person>/<act>")
def do(person: str, act: str) -> Any:
    _mine, community = communities.chosen(_leader(), TEAMS)
    if act not in ACTS:
        raise NotFound("There is no such act.")
    form = Form(act, request.form)
    try:
        asked = ACTS[act].read(form, community.zone)
        answer = command("workorders", act, {"person": person, COMMAND: form.id, **asked})
    except WuyeError as error:
        failed, clash = renamed(error, form)
        page = _person_page(person, Form(act, request.form, failed), clash)
        return page, STATUS.get(error.code, 500)
    if answer.get("visits"):
        return _person_page(person, done=act, visits=answer["visits"])
    back = url_for("teams.show", person=person, community=community.id, done=act)
    return redirect(back, 303)


def _person_page(
    person: str,
    failed: Form | None = None,
    clash: str | None = None,
    *,
    done: str = "",
    visits: Sequence[Data] = (),
) -> str:
    """``visits``: agreed for the time that was taken away from them just now."""
    _mine, community = communities.chosen(_leader(), TEAMS)
    found = query("workorders", "staff_record", {"person": person})
    today = edge().clock.now().astimezone(community.zone).date()
    names = edge().directory.names([person, *(post["superior"] for post in found["posts"])])
    forms = {name: Form(name) for name in ACTS}
    if failed is not None:
        forms[failed.name] = failed
    act = ACTS.get(done)
    return render_template(
        "teams/person.html",
        person=person,
        name=names.get(person),
        names=names,
        community=community,
        zone=community.zone,
        record=found,
        given_work=works_at(found["posts"], community.id),
        certificates=_certificates(found["certificates"], today),
        skills={code: words.CATEGORIES["repair"][code] for code in words.SKILLS},
        forms=forms,
        failed=failed,
        clash=clash,
        done=act.done if act is not None else None,
        visits=visits,
        today=today,
        levels=words.SKILL_LEVELS,
        weekday_names=formats.weekday_names,
        late_now=found["behind"],
    )


def works_at(posts: Sequence[Data], community: str) -> bool:
    """Whether one of these posts is a technician's there: to nobody else is work given out."""
    return any(
        post["role"] == "technician" and post["community"] in (community, EVERY) for post in posts
    )
