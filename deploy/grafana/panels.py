"""What the dashboards are made of: a title, queries with their legends, a unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from grafana_foundation_sdk.builders import common, dashboard, prometheus, stat, timeseries
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import DataSourceRef

_SOURCE = DataSourceRef(type_val="prometheus", uid="${source}")


@dataclass(frozen=True)
class Query:
    expression: str
    legend: str


@dataclass(frozen=True)
class Panel:
    """``single``: the last value as a number. ``unit`` as Grafana names it."""

    title: str
    says: str
    queries: Sequence[Query]
    unit: str = "short"
    single: bool = False


@dataclass(frozen=True)
class Board:
    """Rows of panels under a name each. ``uid`` is part of the dashboard's address."""

    uid: str
    title: str
    rows: Sequence[tuple[str, Sequence[Panel]]]

    @property
    def queries(self) -> list[Query]:
        return [query for _, panels in self.rows for panel in panels for query in panel.queries]


def to_json(board: Board) -> str:
    """The dashboard as Grafana imports it; the data source is chosen there."""
    built = (
        dashboard.Dashboard(board.title)
        .uid(board.uid)
        .tags(["wuye"])
        .refresh("30s")
        .time("now-3h", "now")
        .timezone("browser")
        .with_variable(
            dashboard.DatasourceVariable("source").label("Prometheus").type("prometheus")
        )
    )
    for name, panels in board.rows:
        built = built.with_row(dashboard.Row(name))
        for panel in panels:
            built = built.with_panel(_panel(panel))
    return JSONEncoder(sort_keys=True, indent=2).encode(built.build()) + "\n"


def _panel(panel: Panel) -> stat.Panel | timeseries.Panel:
    made = (
        stat.Panel()
        if panel.single
        else timeseries.Panel().legend(common.VizLegendOptions().show_legend(True))
    )
    made = (
        made.title(panel.title)
        .description(panel.says)
        .datasource(_SOURCE)
        .unit(panel.unit)
        .height(4 if panel.single else 8)
        .span(6 if panel.single else 12)
        .min(0)
    )
    for place, query in enumerate(panel.queries):
        made = made.with_target(
            prometheus.Dataquery()
            .expr(query.expression)
            .legend_format(query.legend)
            .ref_id(chr(ord("A") + place))
        )
    return made
