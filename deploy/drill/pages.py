"""The tables of `docs/runbooks/README.md`: which alert was seen to come and go, of what fault."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from deploy.checks.kubectl import ROOT
from deploy.drill.alerts import Seen

PAGE = ROOT / "docs" / "runbooks" / "README.md"
REAL, SHORTENED = "drill", "shortened drill"
_HEAD = (
    "| alert | fault | fired after | gone after mending | on |\n| --- | --- | ---: | ---: | --- |"
)


def rows(seen: Sequence[Seen]) -> dict[str, str]:
    """A line by each alert."""
    today = date.today().isoformat()
    return {
        one.of.alert: f"| [{one.of.alert}]({one.of.alert}.md) | {one.of.fault} "
        f"| {one.fired:.0f} s | {one.cleared:.0f} s | {today} |"
        for one in seen
    }


def told(mark: str) -> dict[str, str]:
    """The lines that stand in one of the page's tables."""
    return {
        found[1]: line
        for line in _parts(mark)[1].splitlines()
        if (found := re.match(r"\| \[(\w+)\]", line))
    }


def table(lines: Mapping[str, str]) -> str:
    return "\n".join([_HEAD, *lines.values()])


def write(mark: str, seen: Sequence[Seen]) -> None:
    """Lines of alerts that were not drilled this time stay."""
    before, _, rest = _parts(mark)
    PAGE.write_text(f"{before}\n\n{table({**told(mark), **rows(seen)})}\n\n{rest}")


def _parts(mark: str) -> tuple[str, str, str]:
    """The page up to the table, the table, and what comes behind it."""
    begin, end = f"<!-- {mark}: begin -->", f"<!-- {mark}: end -->"
    before, rest = PAGE.read_text().split(begin)
    inner, after = rest.split(end)
    return before + begin, inner, end + after
