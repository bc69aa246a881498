"""An order is put off to a date and goes on by itself, by RPC and on its page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from shared.errors import Invalid, Refused
from tests.support.edge import Site
from tests.support.estate import Estate, soon
from tests.support.lifecycle import Walk


def test_it_goes_on_by_itself_at_its_date(estate: Estate) -> None:
    walk = Walk(estate).to("dispatched")
    until = datetime.now(UTC) + timedelta(seconds=10)
    walk.do("technician1", "defer", until=until.isoformat(), reason="住户出差")
    resident = estate.person("resident1")
    assert resident.order("get", id=walk.id)["activity"] == "paused"
    early = estate.operator.refused(Refused, "workorders", "resume", id=walk.id)
    assert early.reason == "deferral_not_over"

    def goes_on() -> bool:
        order = resident.order("get", id=walk.id)
        return bool(order["activity"] == "waiting" and order["deferred_until"] is None)

    soon("it goes on", goes_on)
    resumed = resident.order("history", id=walk.id)["events"][-1]
    assert datetime.fromisoformat(resumed["occurred_at"]) == until


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"until": "2020-01-01T00:00:00Z"}, "until"), ({"reason": " "}, "reason")],
    ids=["past", "no reason"],
)
def test_what_makes_no_sense_writes_nothing(
    estate: Estate, changes: dict[str, str], field: str
) -> None:
    walk = Walk(estate).to("dispatched")
    until = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    technician = estate.person("technician1")
    request = {"id": walk.id, "until": until, "reason": "away", **changes}
    assert field in technician.refused(Invalid, "workorders", "defer", **request).fields
    assert technician.order("get", id=walk.id)["version"] == walk.version


@pytest.mark.parametrize(
    ("language", "done", "held"),
    [
        ("en", "It is put off, and goes on by itself.", "On hold Put off to a date."),
        ("zh-CN", "已推迟，到期自动继续。", "推迟到某日"),
    ],
)
def test_it_is_put_off_on_its_page(site: Site, language: str, done: str, held: str) -> None:
    path = site.dispatched()
    technician = site.person("technician1", language)
    day = datetime.now(UTC) + timedelta(days=5)
    form = technician.get(path).form("/defer")
    page = technician.send(form, until=f"{day:%Y-%m-%d}", reason="住户出差")
    assert done in page.text and held in page.text
    assert page.has_form("/resume") and not page.has_form("/start")
    wrong = technician.send(page.form("/defer"), until="2020-01-01", reason="x")
    assert wrong.status == 400
