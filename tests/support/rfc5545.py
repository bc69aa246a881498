"""A strict reader of iCalendar, from the words of RFC 5545: whatever they forbid, fails."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

# section 3.1: name, parameters, value
_LINE = re.compile(r'([A-Z0-9-]+)((?:;[A-Z0-9-]+=(?:"[^"]*"|[^";:,]*))*):(.*)', re.DOTALL)
_UTC = re.compile(r"\d{8}T\d{6}Z")
_ESCAPED = re.compile(r"\\(.)")
_NEEDED = {"VCALENDAR": ("VERSION", "PRODID"), "VEVENT": ("UID", "DTSTAMP", "DTSTART")}
_ONCE = ("UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "LOCATION", "URL", "VERSION", "PRODID")
_TEXTS = ("SUMMARY", "DESCRIPTION", "LOCATION", "NAME", "X-WR-CALNAME")


@dataclass
class Component:
    name: str
    lines: list[tuple[str, str]] = field(default_factory=list)
    inside: list[Component] = field(default_factory=list)

    def all(self, name: str) -> list[str]:
        return [value for found, value in self.lines if found == name]

    def one(self, name: str) -> str:
        [value] = self.all(name)
        return value

    def text(self, name: str) -> str:
        """Section 3.3.11."""
        return _ESCAPED.sub(lambda m: "\n" if m[1] in "nN" else m[1], self.one(name))


def parsed(content: bytes) -> Component:
    """The one calendar of a file."""
    assert content.endswith(b"\r\n") and b"\r\n\r\n" not in content
    for line in content.split(b"\r\n"):
        assert len(line) <= 75, "lines of 75 octets at most (section 3.1)"
        assert b"\n" not in line and b"\r" not in line
        # characters may not be torn, as most readers unfold after decoding
        line.decode()
    text = content.decode().replace("\r\n ", "").replace("\r\n\t", "")
    open_: list[Component] = []
    done: list[Component] = []
    for line in text.removesuffix("\r\n").split("\r\n"):
        found = _LINE.fullmatch(line)
        assert found, line
        name, value = found[1], found[3]
        assert not any(ord(each) < 32 and each != "\t" for each in value), line
        if name == "BEGIN":
            open_.append(Component(value))
        elif name == "END":
            closed = open_.pop()
            assert closed.name == value
            _check(closed)
            (open_[-1].inside if open_ else done).append(closed)
        else:
            open_[-1].lines.append((name, value))
    [calendar] = done
    assert not open_
    ids = [each.one("UID") for each in calendar.inside]
    assert len(ids) == len(set(ids))
    return calendar


def _check(one: Component) -> None:
    for name in _NEEDED[one.name]:
        assert len(one.all(name)) == 1, (one.name, name)
    for name in _ONCE:
        assert len(one.all(name)) <= 1, (one.name, name)
    for name in ("DTSTAMP", "DTSTART", "DTEND"):
        assert all(_UTC.fullmatch(value) for value in one.all(name)), (name, one.all(name))
    if one.all("DTEND"):
        assert one.one("DTEND") > one.one("DTSTART")
    for name in _TEXTS:
        for value in one.all(name):
            bare = _ESCAPED.sub("", value)
            assert not set(bare) & {";", ",", "\\"}, (name, value)
