"""Who calls is found, and something is reported for them."""

from __future__ import annotations

import pytest

from tests.support.edge import Site
from tests.support.estate import soon


@pytest.mark.parametrize("typed", ["13800000010", "+86 138 0000 0010", "王秀"])
def test_a_caller_is_found_and_something_reported_for_them(site: Site, typed: str) -> None:
    dispatcher = site.person("dispatcher")
    form = dispatcher.get("/calls").form("/calls")
    page = soon(
        "the caller is known",
        lambda: found if "王秀英" in (found := dispatcher.send(form, wanted=typed)).text else None,
    )
    assert "1-101" in page.text and "13800000010" not in page.path
    (link,) = [one["href"] for one in page.all("a") if "reporter=" in one.get("href", "")]
    report = dispatcher.get(link).form("/report")
    assert report.text("channel") == "phone"
    sent = dispatcher.send(report, category="plumbing", description="漏水")
    assert sent.status == 200 and "王秀英" in sent.text


def test_who_may_not_see_the_board_is_told_who_calls_and_nothing_is_said_to_be_away(
    site: Site,
) -> None:
    guard = site.person("guard")
    page = guard.send(guard.get("/calls").form("/calls"), wanted="13800000010")
    assert "王秀英" in page.text and "cannot be shown just now" not in page.text


def test_a_part_of_a_number_finds_nobody(site: Site) -> None:
    dispatcher = site.person("dispatcher")
    page = dispatcher.send(dispatcher.get("/calls").form("/calls"), wanted="1380000")
    assert "Nobody found" in page.text
