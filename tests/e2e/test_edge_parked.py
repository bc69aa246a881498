"""Events put aside, on their page: given up once that is confirmed."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from uuid import uuid4

import pytest

from tests.support.edge import Site
from tests.support.estate import soon


@pytest.fixture
def park(site: Site) -> Callable[[str], None]:
    """Puts an event aside by hand: that of a rule which does not exist any more."""

    def parked(subject: str) -> None:
        with closing(sqlite3.connect(site.folder / "notifications.sqlite", timeout=10)) as store:
            store.execute(
                "INSERT INTO parked VALUES (?, ?, 1, ?, 'workorders', ?, ?, NULL)",
                (
                    "when_it_rains_then_tell_everybody",
                    subject,
                    str(uuid4()),
                    "no such rule",
                    "2026-03-01T00:00:00.000000Z",
                ),
            )
            store.commit()

    return parked


def test_a_parked_event_is_given_up_once_that_is_confirmed(
    site: Site, park: Callable[[str], None]
) -> None:
    park(f"lakeside.{uuid4()}")
    admin = site.person("admin")
    page = admin.get("/admin/parked")
    assert "when it rains, then tell everybody" in page.text and "no such rule" in page.text
    asked = admin.send(page.form("/admin/parked/drop"))
    assert "It concerns 1 event" in asked.text
    assert "when it rains" in admin.get("/admin/parked").text
    assert admin.send(asked.form("/admin/parked/drop")).status == 200
    soon("given up", lambda: "Nothing is parked" in admin.get("/admin/parked").text)
