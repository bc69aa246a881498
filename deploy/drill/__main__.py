"""``python -m deploy.drill``: cause faults on a stack of its own, and see the alerts come and go.

``dashboards``: every query of every dashboard finds something, and is drawn; ``real``: alerts by
production's rules, with their own durations; ``shortened``: those that need hours, or traffic of
hours, by rules with shorter windows. Each takes some minutes; none named means all of them. What
was seen is printed, and with ``--write`` put into ``docs/``.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from cli.stack import watching
from deploy.checks.kubectl import ROOT
from deploy.drill import faults
from deploy.drill.rules import shortened
from deploy.drill.stack import Drill, Seen, wait
from deploy.grafana import drawing
from deploy.grafana.boards import BOARDS

PAGE = ROOT / "docs" / "runbooks" / "README.md"
# so that the lines of the pictures have something to tell
_LIVES_SECONDS = 90


def main(words: list[str]) -> int:
    write, stages = "--write" in words, [word for word in words if word != "--write"]
    if set(stages) - STAGES.keys():
        print(f"usage: python -m deploy.drill [--write] [{' | '.join(STAGES)}]", file=sys.stderr)
        return 2
    for stage in stages or STAGES:
        STAGES[stage](write)
    return 0


def _dashboards(write: bool) -> None:
    def run(drill: Drill) -> None:
        until = time.monotonic() + _LIVES_SECONDS
        while time.monotonic() < until:
            faults.order(drill)
        missing = {query.expression for board in BOARDS for query in board.queries}
        asked = len(missing)

        def found() -> bool:
            for expression in sorted(missing):
                if drill.query(expression):
                    missing.remove(expression)
            return not missing

        try:
            wait("every query of the dashboards finds something", found, 120)
        finally:
            for expression in sorted(missing):
                print(f"drill: finds nothing: {expression}", flush=True)
        print(f"drill: each of {asked} queries of {len(BOARDS)} dashboards finds something")
        if write:
            assert drill.prometheus is not None
            drawing.draw(drill.prometheus.url, BOARDS, _LIVES_SECONDS + 60)

    _drill(watching.production_rules(), run)


def _real(write: bool) -> None:
    steps = (faults.hangs_and_rights, faults.broker_gone, faults.rows_and_log)
    _alerts(watching.production_rules(), "drill", steps, write)


def _shortened(write: bool) -> None:
    steps = (faults.standby_gone, faults.table_held, faults.processor_held)
    _alerts(shortened(), "shortened drill", steps, write)


STAGES: Mapping[str, Callable[[bool], None]] = {
    "dashboards": _dashboards,
    "real": _real,
    "shortened": _shortened,
}


def _alerts(
    rules: Mapping[str, Any], mark: str, steps: tuple[Callable[[Drill], None], ...], write: bool
) -> None:
    def run(drill: Drill) -> None:
        quiet = drill.firing()
        assert not quiet, f"firing before anything was broken: {quiet}"
        for step in steps:
            step(drill)
        table = _table(drill.seen)
        print(table)
        if write:
            begin, end = f"<!-- {mark}: begin -->", f"<!-- {mark}: end -->"
            before, rest = PAGE.read_text().split(begin)
            PAGE.write_text(f"{before}{begin}\n\n{table}\n\n{end}{rest.split(end)[1]}")

    _drill(rules, run)


def _drill(rules: Mapping[str, Any], run: Callable[[Drill], None]) -> None:
    with tempfile.TemporaryDirectory(prefix="wuye-drill-") as folder:
        Path(folder).chmod(0o755)
        drill = Drill(Path(folder), rules)
        with drill.running():
            run(drill)


def _table(seen: list[Seen]) -> str:
    head = "| alert | fault | fired after | gone after mending |\n| --- | --- | ---: | ---: |"
    rows = [
        f"| [{one.alert}]({one.alert}.md) | {one.fault} | {one.fired:.0f} s | {one.cleared:.0f} s |"
        for one in seen
    ]
    return "\n".join([head, *rows])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
