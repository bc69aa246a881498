"""`wuye top` on a platform that runs."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.integration.cli.wuye import Wuye
from tests.support.edge import Site


def _asked(site: Site, *options: str) -> subprocess.CompletedProcess[str]:
    """Other tests of the session may have left something that is wrong: then the code is 1."""
    try:
        return Wuye(site.folder)("top", "--seconds", "1", *options)
    except AssertionError:
        return Wuye(site.folder)("top", "--seconds", "1", *options, code=1)


def test_it_says_how_everything_does(site: Site) -> None:
    site.report()
    found: dict[str, Any] = json.loads(_asked(site, "--json").stdout)
    assert [(one["name"], one["fault"]) for one in found["processes"]] == [("platform", None)]
    assert found["processes"][0]["megabytes"] > 20
    names = ["analytics", "billing", "notifications", "security", "workorders"]
    assert [one["name"] for one in found["services"]] == names
    assert all(one["relay_events"] is not None for one in found["services"])
    handlers = {f"{one['service']}.{one['name']}" for one in found["handlers"]}
    assert {"workorders.order_board", "notifications.inbox", "analytics.ratings"} <= handlers


def test_it_is_a_page_for_people_too(site: Site) -> None:
    done = _asked(site, "--once")
    lines = done.stdout.splitlines()
    assert lines[0].startswith(f"wuye top · the platform at {site.url} · ")
    assert (lines[1] == "all is well") == (done.returncode == 0)
    for word in ("workorders", "platform", "Handlers: ", "orders"):
        assert word in done.stdout


def test_where_nothing_runs_it_says_what_to_do(tmp_path: Path) -> None:
    said = Wuye(tmp_path)("top", "--once", code=1).stderr
    assert said.startswith(f"nothing serves from {tmp_path}") and said.count("\n") == 1


@pytest.mark.parametrize("options", [("--seconds", "0"), ("--seconds", "soon")])
def test_a_wrong_option_is_refused(tmp_path: Path, options: tuple[str, str]) -> None:
    assert "--seconds" in Wuye(tmp_path)("top", "--once", *options, code=1).stderr
