"""``python -m deploy.drill``: cause faults on a stack of its own, and see the alerts come and go.

``dashboards``: every query of every dashboard finds something, and is drawn; ``real``: alerts by
production's rules, with their own durations; ``shortened``: those that need hours, or traffic of
hours, by rules with shorter windows; or one fault of these by its name (`deploy.drill.faults`).
Each takes some minutes; none named means all of them. What was seen is printed, and with
``--write`` put into ``docs/``. Code 1 where an alert did not come or go.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from cli.stack import watching
from deploy.drill import faults, pages
from deploy.drill.rules import shortened
from deploy.drill.stack import Drill, wait
from deploy.grafana import drawing
from deploy.grafana.boards import BOARDS

# so that the lines of the pictures have something to tell
_LIVES_SECONDS = 90


def main(words: list[str]) -> int:
    write, stages = "--write" in words, [word for word in words if word != "--write"]
    known = {**STAGES, **FAULTS}
    if set(stages) - known.keys():
        print(f"usage: python -m deploy.drill [--write] [{' | '.join(known)}]", file=sys.stderr)
        return 2
    return 0 if all([known[stage](write) for stage in stages or STAGES]) else 1


def _dashboards(write: bool) -> bool:
    def run(drill: Drill) -> bool:
        wait("a promise will be broken", lambda: faults.broken_promise(drill))
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
            drawing.draw(drill.prometheus_url, BOARDS, _LIVES_SECONDS + 60)
        return True

    return _drill(watching.production_rules(), run)


def _real(write: bool) -> bool:
    return _alerts(watching.production_rules(), pages.REAL, faults.REAL, write)


def _shortened(write: bool) -> bool:
    return _alerts(shortened(), pages.SHORTENED, faults.SHORTENED, write)


def _one(fault: faults.Fault) -> Callable[[bool], bool]:
    if fault in faults.REAL:
        return lambda write: _alerts(watching.production_rules(), pages.REAL, (fault,), write)
    return lambda write: _alerts(shortened(), pages.SHORTENED, (fault,), write)


STAGES: Mapping[str, Callable[[bool], bool]] = {
    "dashboards": _dashboards,
    "real": _real,
    "shortened": _shortened,
}
FAULTS: Mapping[str, Callable[[bool], bool]] = {
    fault.__name__: _one(fault) for fault in (*faults.REAL, *faults.SHORTENED)
}


def _alerts(
    rules: Mapping[str, Any], mark: str, steps: Sequence[faults.Fault], write: bool
) -> bool:
    def run(drill: Drill) -> bool:
        for step in steps:
            # what the one before brought is no proof
            wait("nothing fires", lambda: not drill.firing(), 300)
            step(drill)
            if write:
                pages.write(mark, drill.seen)
        print(pages.table(pages.rows(drill.seen)))
        for line in drill.missed:
            print(f"drill: {line}", flush=True)
        return not drill.missed

    return _drill(rules, run)


def _drill(rules: Mapping[str, Any], run: Callable[[Drill], bool]) -> bool:
    with tempfile.TemporaryDirectory(prefix="wuye-drill-") as folder:
        Path(folder).chmod(0o755)
        drill = Drill(Path(folder), rules)
        with drill.running():
            return run(drill)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
