"""What the end-to-end tests share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.chromium import chromium, playwright, whole_chromium  # noqa: F401
from tests.support.edge import empty_site, site, stack_site  # noqa: F401
from tests.support.estate import Estate
from tests.support.lifecycle import Walk

WRITTEN_BY_COMMANDS = ("workorders", "security", "billing")


@pytest.fixture(scope="module")
def submitted(estate: Estate) -> Walk:
    return Walk(estate).to("submitted")


@pytest.fixture(scope="module")
def dispatched(estate: Estate) -> Walk:
    return Walk(estate).to("dispatched")


@pytest.fixture(scope="module")
def accepted(estate: Estate) -> Walk:
    """An order that its resident may rate next."""
    return Walk(estate).to("accepted")


@pytest.fixture(scope="module")
def quiet(estate: Estate, submitted: Walk, dispatched: Walk, accepted: Walk) -> None:
    """Nothing is under way any more that would write to a log by itself."""
    estate.settle()


@pytest.fixture
def nothing_written(estate: Estate, quiet: None) -> Iterator[None]:
    """No log that commands write to has grown after the test, and the next good call works.

    Whoever acts for the first time logs in, and that is written.
    """
    before = {name: estate.head(name) for name in WRITTEN_BY_COMMANDS}
    yield
    written = [one["type"] for name in before for one in estate.facts(name, before[name])]
    assert set(written) <= {"SessionOpened"}
    assert estate.person("resident1").order("list", limit=1)["orders"]
