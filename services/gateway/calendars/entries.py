"""What stands in a calendar, and how it is written. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from icalendar import Calendar, Event

PRODUCT = "-//wuye//calendar//EN"
# how often a calendar may ask again (RFC 7986, section 5.7)
REFRESH = timedelta(minutes=15)


class Entry(NamedTuple):
    """``id`` stays the same for the same thing. ``ends`` None: a moment rather than a while.

    ``busy``: whether the time is taken by it.
    """

    id: str
    starts: datetime
    ends: datetime | None
    summary: str
    description: str = ""
    location: str = ""
    url: str = ""
    busy: bool = True


def written(name: str, entries: Iterable[Entry], now: datetime) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("name", name)
    # what clients read that do not know RFC 7986
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for entry in sorted(entries, key=lambda one: (one.starts, one.id)):
        calendar.add_component(_event(entry, now))
    content: bytes = calendar.to_ical()
    return content


def _event(entry: Entry, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"{entry.id}@wuye")
    event.add("dtstamp", now)
    event.add("dtstart", entry.starts)
    if entry.ends is not None:
        event.add("dtend", entry.ends)
    event.add("summary", entry.summary)
    event.add("transp", "OPAQUE" if entry.busy else "TRANSPARENT")
    for name in ("description", "location", "url"):
        if getattr(entry, name):
            event.add(name, getattr(entry, name))
    return event
