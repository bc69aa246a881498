"""The managers' pages, and each of their charts as a file."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from services.gateway.board.pages import shown
from services.gateway.figures import charts, drawing, efficiency, satisfaction
from services.gateway.figures.period import FREE, NAMES
from services.gateway.figures.selection import Selection
from services.gateway.frame import words
from services.gateway.frame.edge import edge
from services.gateway.sessions.asking import Answers
from shared.errors import NotFound, Unavailable

PAGES: dict[str, tuple[Any, ModuleType]] = {
    "efficiency": (_l("Efficiency"), efficiency),
    "satisfaction": (_l("Satisfaction"), satisfaction),
}
MAP = "bottlenecks"

blueprint = Blueprint("figures", __name__, template_folder="templates")


@blueprint.get("/figures")
def index() -> Any:
    return redirect(url_for("figures.show", page="efficiency"), 303)


@blueprint.get("/figures/<page>")
def show(page: str) -> Any:
    selection = Selection.read(request.args)
    title, maker = _page(page)
    answers: Answers = maker.ask(selection)
    tiles = maker.tiles(selection, answers)
    found = maker.of(selection, answers)
    works = page == "efficiency"
    cells = efficiency.bottlenecks(selection, answers) if works else None
    at_risk = _at_risk(answers) if works else None
    return render_template(
        "figures/index.html",
        page=page,
        pages=PAGES,
        title=title,
        selection=selection,
        periods=NAMES,
        free=FREE,
        kinds=words.KINDS,
        tiles=tiles,
        most_drawn=drawing.MOST_ROWS,
        charts=[(chart, drawing.drawn(chart)) for chart in found],
        cells=cells,
        map=MAP,
        at_risk=at_risk,
        missing=answers.missing,
        late_now=answers.late,
    )


@blueprint.get("/figures/<page>/<name>.csv")
def download(page: str, name: str) -> Response:
    selection = Selection.read(request.args)
    _title, maker = _page(page)
    answers: Answers = maker.ask(selection)
    text = _csv(page, name, selection, answers, maker)
    response = Response(text, content_type="text/csv; charset=utf-8")
    first, last = selection.period.first, selection.period.last
    file = f"{selection.community.id}-{page}-{name}-{first}-{last}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{file}"'
    return response


def _csv(page: str, name: str, selection: Selection, answers: Answers, maker: Any) -> str:
    """Raises ``NotFound`` for a chart that there is not, ``Unavailable`` where it cannot be had."""
    if page == "efficiency" and name == MAP:
        cells = efficiency.bottlenecks(selection, answers)
        if cells is not None:
            heads, rows = cells
            return charts.table_csv(
                [_("Category"), *heads], [[label, *map(_in_words, row)] for label, row in rows]
            )
    for chart in maker.of(selection, answers):
        if chart.name == name:
            return str(chart.csv())
    if answers.missing:
        raise Unavailable("The figures cannot be had just now; try again.", retry_after=2.0)
    raise NotFound("There is no such chart.")


def _in_words(cell: efficiency.Cell | None) -> str:
    if cell is None:
        return ""
    return f"{cell.count} / {cell.step} {cell.takes}" if cell.step else str(cell.count)


def _page(page: str) -> tuple[Any, ModuleType]:
    if page not in PAGES:
        raise NotFound("There is no such page.")
    return PAGES[page]


def _at_risk(answers: Answers) -> list[dict[str, Any]] | None:
    """The oldest open orders; None where it is not for the person to see, or cannot be had."""
    if not answers.asks("board"):
        return None
    found = answers.get("board")
    if found is None:
        return None
    orders = sorted(
        (order for lane in found["lanes"] for order in lane["orders"]),
        key=lambda order: str(order["submitted_at"]),
    )[: efficiency.MOST_AT_RISK]
    names = edge().directory.names(order["technician"] for order in orders)
    now = edge().clock.now()
    return [shown(order, names, now) for order in orders]
