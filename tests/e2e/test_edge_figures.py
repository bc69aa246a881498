"""Figures on their pages and in their files are those that analytics answers."""

from __future__ import annotations

import csv
import re

from tests.support.asking import ask
from tests.support.edge import Site
from tests.support.estate import soon


def test_the_figures_shown_are_those_that_analytics_answers(site: Site) -> None:
    site.report()
    manager = site.person("manager")

    def same() -> bool:
        told = ask(site, "manager", "analytics/efficiency", {"community": "lakeside"})["total"]
        page = manager.get("/figures/efficiency?period=30")
        tile = r'class="label">([^<]*)</p>\s*<p class="value">([^<]*)<'
        tiles = dict(re.findall(tile, page.response.text))
        shown = tiles["Orders submitted"], tiles["Open now"]
        return shown == (str(told["count"]), str(told["backlog"]["count"]))

    soon("the page tells the same", same)

    def spread() -> bool:
        told = ask(site, "manager", "analytics/satisfaction", {"community": "lakeside"})["total"]
        file = manager.get("/figures/satisfaction/stars.csv").response
        assert file.headers["Content-Type"] == "text/csv; charset=utf-8"
        rows = list(csv.reader(file.content.decode("utf-8-sig").splitlines()))
        return [int(row[1]) for row in rows[1:]] == list(told["distribution"].values())

    soon("the file tells the same", spread)


def test_every_chart_is_a_table_too_and_says_what_it_shows(site: Site) -> None:
    page = site.person("manager").get("/figures/efficiency?period=7")
    charts = [one for one in page.all("svg") if one.get("role") == "img"]
    assert charts
    titles = {one["id"] for one in page.all("title") + page.all("desc") if "id" in one}
    assert all(set(one["aria-labelledby"].split()) <= titles for one in charts)
    assert len(page.all("table")) >= len(charts)
