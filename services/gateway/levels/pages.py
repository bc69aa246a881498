"""The pages of what a community promises: looked at, tried, set; and what if it were another."""

from __future__ import annotations

from typing import Any, NamedTuple

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _

from services.gateway.frame import communities, formats, words
from services.gateway.frame.directory import Community
from services.gateway.frame.edge import edge
from services.gateway.frame.forms import COMMAND, Form
from services.gateway.frame.navigation import RULES
from services.gateway.levels import aftercare, calendar, ladders, rows, targets, what_if
from services.gateway.levels.orders_of import whose
from services.gateway.levels.preview import OTHER, tried
from services.gateway.rpc.problems import STATUS
from services.gateway.sessions.calls import command, query
from services.gateway.sessions.visitor import Visitor
from shared.errors import NotFound, WuyeError

Data = dict[str, Any]
SETTERS = ("manager", "admin")
READERS = RULES | {"dispatcher"}

blueprint = Blueprint("levels", __name__, template_folder="templates")


class Here(NamedTuple):
    """Who looks, at which community of theirs."""

    who: Visitor
    mine: list[Community]
    community: Community


def _here() -> Here:
    who = communities.holding(READERS, "This is for those who lead.")
    return Here(who, *communities.chosen(who, READERS))


def _levels(here: Here, part: str) -> Data:
    """What holds, or the version that the address names, with who set each and when."""
    ask: Data = {"community": here.community.id}
    version = request.args.get("version", "")
    if version.isdecimal():
        ask[f"{part}_version"] = int(version)
    return query("workorders", "service_levels", ask)


def _versions(found: Data, part: str) -> list[Data]:
    """Newest first."""
    versions = found["versions"][part][::-1]
    names = edge().directory.names(one["by"] for one in versions)
    return [{**one, "name": names.get(one["by"])} for one in versions]


def _frame(here: Here, part: str, found: Data) -> Data:
    """What the templates share. ``version``: the one that is shown."""
    versions = _versions(found, part)
    newest = versions[0]["version"] if versions else 0
    wanted = request.args.get("version", "")
    shown = int(wanted) if wanted.isdecimal() else newest
    return {
        "communities": here.mine,
        "community": here.community,
        "zone": here.community.zone,
        "versions": versions,
        "version": next((one for one in versions if one["version"] == shown), None),
        "newest": shown == newest,
        "sets": any(here.who.caller.has(role, here.community.id) for role in SETTERS),
        "categories": words.CATEGORIES,
        "done": request.args.get("done"),
        "late_now": found["behind"],
    }


@blueprint.get("/levels")
def index() -> Any:
    return redirect(url_for("levels.show_calendar", community=request.args.get("community")), 303)


@blueprint.get("/levels/calendar")
def show_calendar() -> Any:
    here = _here()
    found = _levels(here, "calendar")
    year = edge().clock.now().astimezone(here.community.zone).year
    missing = found["missing_holidays"]
    form = Form("calendar", calendar.filled(found["calendar"], here.community.zone, year, missing))
    return _calendar_page(here, found, form)


@blueprint.post("/levels/calendar")
def set_calendar() -> Any:
    """``do``: give more rows, try it, or set it. Nothing typed is lost by any of them."""
    here = _here()
    form = Form("calendar", request.form)
    if form.text("do") == "rows":
        form.values = form.values.copy()
        form.values["rows"] = str(len(calendar.rows(form)) + calendar.SPARE)
        return _calendar_page(here, _levels(here, "calendar"), form)
    asked, places = calendar.read(form)
    try:
        if form.text("do") != "save":
            found = tried(form, here.community.id, here.community.zone, **asked)
            return _calendar_page(here, _levels(here, "calendar"), form, preview=found)
        ask = {"community": here.community.id, COMMAND: form.id, **asked}
        command("workorders", "set_calendar", ask)
    except WuyeError as error:
        failed = Form("calendar", request.form, calendar.renamed(error, asked, places))
        page = _calendar_page(here, _levels(here, "calendar"), failed)
        return page, STATUS.get(error.code, 500)
    return redirect(url_for("levels.show_calendar", community=here.community.id, done=1), 303)


def _calendar_page(here: Here, found: Data, form: Form, preview: Data | None = None) -> str:
    now = edge().clock.now().astimezone(here.community.zone)
    shown = found["calendar"]
    return render_template(
        "levels/calendar.html",
        form=form,
        preview=preview,
        week=calendar.week(shown) if shown else None,
        days=calendar.special(shown["days"], now.date().isoformat()) if shown else [],
        missing=formats.several([str(one) for one in found["missing_holidays"]]),
        begun=now.year in found["missing_holidays"],
        looked_up=calendar.special(preview["calendar"]["days"], now.date().isoformat())
        if preview
        else [],
        weekdays=calendar.weekdays(form),
        rows=calendar.rows(form),
        years=[str(now.year + number) for number in range(3)],
        countries=calendar.countries(),
        now=now.strftime("%Y-%m-%dT%H:%M"),
        other=OTHER,
        **_frame(here, "calendar", found),
    )


@blueprint.get("/levels/targets")
def show_targets() -> Any:
    here = _here()
    found = _levels(here, "targets")
    return _targets_page(here, found, Form("targets", targets.filled(found["targets"])))


@blueprint.post("/levels/targets")
def set_targets() -> Any:
    here = _here()
    form = Form("targets", request.form)
    if form.text("do") == "rows":
        form.values = form.values.copy()
        form.values["rows"] = str(rows.count(form) + rows.SPARE)
        form.values[aftercare.ROWS] = str(rows.count(form, aftercare.ROWS) + 1)
        return _targets_page(here, _levels(here, "targets"), form)
    places = targets.Places()
    try:
        asked, places = targets.read(form)
        if form.text("do") != "save":
            found = tried(form, here.community.id, here.community.zone, **asked)
            return _targets_page(here, _levels(here, "targets"), form, preview=found)
        command(
            "workorders", "set_targets", {"community": here.community.id, COMMAND: form.id, **asked}
        )
    except WuyeError as error:
        failed = Form("targets", request.form, targets.renamed(error, places))
        page = _targets_page(here, _levels(here, "targets"), failed)
        return page, STATUS.get(error.code, 500)
    return redirect(url_for("levels.show_targets", community=here.community.id, done=1), 303)


def _targets_page(here: Here, found: Data, form: Form, preview: Data | None = None) -> str:
    now = edge().clock.now().astimezone(here.community.zone)
    return render_template(
        "levels/targets.html",
        form=form,
        preview=preview,
        rules=[targets.told(rule) for rule in found["targets"]["rules"]]
        if found["targets"]
        else [],
        stopping=found["targets"]["stopping"] if found["targets"] else [],
        waits=found["targets"]["waits"] if found["targets"] else {},
        wait_labels=targets.WAITS,
        after=aftercare.told(found["targets"]["aftercare"]) if found["targets"] else [],
        after_labels=aftercare.HOURS,
        after_rows=range(rows.count(form, aftercare.ROWS)),
        stoppable=targets.STOPPABLE,
        rows=range(rows.count(form)),
        lengths=targets.LENGTHS,
        times=targets.TIMES,
        now=now.strftime("%Y-%m-%dT%H:%M"),
        other=OTHER,
        **_frame(here, "targets", found),
    )


@blueprint.get("/levels/escalation")
def show_ladders() -> Any:
    here = _here()
    found = _levels(here, "ladders")
    return _ladders_page(here, found, Form("ladders", ladders.filled(found["ladders"])))


@blueprint.post("/levels/escalation")
def set_ladders() -> Any:
    here = _here()
    form = Form("ladders", request.form)
    if form.text("do") == "rows":
        form.values = form.values.copy()
        form.values["rows"] = str(rows.count(form) + 1)
        return _ladders_page(here, _levels(here, "ladders"), form)
    places: list[int] = []
    try:
        asked, places = ladders.read(form)
        command(
            "workorders", "set_ladders", {"community": here.community.id, COMMAND: form.id, **asked}
        )
    except WuyeError as error:
        failed = Form("ladders", request.form, ladders.renamed(error, form, places))
        page = _ladders_page(here, _levels(here, "ladders"), failed)
        return page, STATUS.get(error.code, 500)
    return redirect(url_for("levels.show_ladders", community=here.community.id, done=1), 303)


def _ladders_page(here: Here, found: Data, form: Form) -> str:
    return render_template(
        "levels/escalation.html",
        form=form,
        ladders=[
            {"orders": whose(one), "steps": [ladders.told(step) for step in one["steps"]]}
            for one in found["ladders"] or []
        ],
        rows=range(rows.count(form)),
        steps=lambda number: ladders.steps(form, number),
        above=list(enumerate(ladders.ABOVE)),
        **_frame(here, "ladders", found),
    )


@blueprint.get("/levels/what-if")
def show_what_if() -> Any:
    """One order, judged as it is and by other versions."""
    here = _here()
    found = _levels(here, "calendar")
    number = request.args.get("number", "").strip()[:30]
    asked = {
        f"{part}_version": int(request.args[part])
        for part in ("calendar", "targets")
        if request.args.get(part, "").isdecimal()
    }
    compared, missing = None, False
    if number:
        try:
            compared = what_if.compared(here.community.id, number, asked)
        except NotFound:
            missing = True
    return render_template(
        "levels/what_if.html",
        number=number,
        missing=_("There is no such order, or no such version.") if missing else None,
        compared=compared,
        asked=asked,
        target_versions=_versions(found, "targets"),
        **_frame(here, "calendar", found),
    )
