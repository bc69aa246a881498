"""What is written into a calendar, read back by the rules of RFC 5545 themselves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from services.gateway.calendars.entries import Entry, written
from tests.support.rfc5545 import Component, parsed

NOW = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)
LONG = "更换主管道；a, b; c\\d " * 20
ENTRIES = [
    Entry("lakeside.1", NOW, NOW + timedelta(hours=8), "Shift"),
    Entry(
        "lakeside.2",
        NOW - timedelta(days=1),
        None,
        LONG,
        description="R-2026-000001\nsecond line",
        location="湖畔花园, 1号楼 1-101",
        url="https://wuye.example.org/orders/lakeside/R-2026-000001",
        busy=False,
    ),
]


def events(entries: list[Entry]) -> list[Component]:
    return parsed(written("我的日程", entries, NOW)).inside


def test_a_calendar_says_what_it_must() -> None:
    calendar = parsed(written("我的日程", ENTRIES, NOW))
    assert calendar.name == "VCALENDAR"
    assert calendar.one("VERSION") == "2.0"
    assert calendar.one("PRODID").startswith("-//wuye//")
    assert calendar.one("X-WR-CALNAME") == calendar.one("NAME") == "我的日程"
    assert calendar.one("REFRESH-INTERVAL") == "PT15M"
    assert [each.name for each in calendar.inside] == ["VEVENT", "VEVENT"]


def test_every_event_has_a_lasting_id_and_times_in_utc() -> None:
    first, second = events(ENTRIES)
    assert [each.one("UID") for each in (first, second)] == ["lakeside.2@wuye", "lakeside.1@wuye"]
    assert {each.one("DTSTAMP") for each in (first, second)} == {"20260301T083000Z"}
    assert (second.one("DTSTART"), second.one("DTEND")) == ("20260301T083000Z", "20260301T163000Z")
    assert (first.one("DTSTART"), first.all("DTEND")) == ("20260228T083000Z", [])
    assert [each.one("TRANSP") for each in (first, second)] == ["TRANSPARENT", "OPAQUE"]


def test_any_text_comes_back_as_it_was() -> None:
    first = events(ENTRIES)[0]
    assert first.text("SUMMARY") == LONG
    assert first.text("DESCRIPTION") == "R-2026-000001\nsecond line"
    assert first.text("LOCATION") == "湖畔花园, 1号楼 1-101"
    assert first.one("URL") == "https://wuye.example.org/orders/lakeside/R-2026-000001"


def test_an_empty_calendar_is_one() -> None:
    assert events([]) == []


def test_nothing_typed_into_a_text_becomes_a_line_of_its_own() -> None:
    evil = "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nATTENDEE:mailto:a@example.org"
    [event] = events([Entry("lakeside.3", NOW, None, evil, location=evil)])
    assert event.all("ATTENDEE") == []
    assert "END:VEVENT" in event.text("SUMMARY")
