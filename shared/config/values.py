"""How the text of one environment variable becomes a value, and how a value is shown."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit
from zoneinfo import ZoneInfo

from shared.identity.keys import decode_secret

HIDDEN = "***"


@dataclass(frozen=True)
class Rule:
    """``parse`` raises ``ValueError``, ``says`` ends "must be ...", ``shown`` hides secrets."""

    says: str
    parse: Callable[[str], Any]
    shown: Callable[[Any], Any] = lambda value: value


def whole_number(least: int, most: int, what: str = "a whole number") -> Rule:
    def parse(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,10}", text) or not least <= int(text) <= most:
            raise ValueError
        return int(text)

    return Rule(f"{what}, {least} to {most}", parse)


def one_of(*choices: str) -> Rule:
    def parse(text: str) -> str:
        if text not in choices:
            raise ValueError
        return text

    return Rule(f"one of {', '.join(choices)}", parse)


def url(example: str, *schemes: str) -> Rule:
    def parse(text: str) -> str:
        split = urlsplit(text)
        port_is_a_number = split.port is None or split.port > 0
        if (
            split.scheme not in schemes
            or not (split.hostname or split.query)
            or not port_is_a_number
        ):
            raise ValueError
        if set(re.findall(r"\{\w*\}|[{}]", text)) - {"{service}"}:
            raise ValueError
        return text

    return Rule(f"a URL like {example}", parse, without_password)


def _zone(text: str) -> str:
    try:
        return ZoneInfo(text).key
    except (KeyError, OSError):
        raise ValueError from None


def _host(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9.:_-]+", text):
        raise ValueError
    return text


def _secret(text: str) -> str:
    decode_secret(text)
    return text


def _hide(value: Any) -> Any:
    return None if value is None else HIDDEN


FILE = Rule("a file", Path, lambda value: None if value is None else str(value))
FOLDER = Rule("a folder", Path, lambda value: str(value))
PORT = whole_number(0, 65535, "a port")
HOST = Rule("a host name or address to listen on", _host)
ZONE = Rule("a time zone like Asia/Shanghai", _zone)
SECRET = Rule("base64url of 32 random bytes", _secret, _hide)


def without_password(text: str | None) -> str | None:
    """A URL fit to be shown: its passwords masked; all of it where it cannot be taken apart."""
    if text is None:
        return None
    try:
        split = urlsplit(text)
    except ValueError:
        return HIDDEN
    if not split.scheme or not (split.netloc or split.query):
        return HIDDEN
    question = "?" if split.query else ""
    return f"{split.scheme}://{_netloc(split)}{split.path}{question}{_query(split)}"


def _netloc(split: SplitResult) -> str:
    who, at, where = split.netloc.rpartition("@")
    user, colon, _password = who.partition(":")
    return f"{user}{colon}{HIDDEN if colon else ''}{at}{where}"


def _query(split: SplitResult) -> str:
    pairs = parse_qsl(split.query, keep_blank_values=True)
    masked = [(name, HIDDEN if "password" in name.lower() else value) for name, value in pairs]
    return urlencode(masked, safe="*/{}:")


def _hosts(text: str) -> tuple[str, ...]:
    found = tuple(each.strip() for each in text.split(","))
    if not all(re.fullmatch(r"(?:\*\.)?[A-Za-z0-9.:-]+", each) for each in found):
        raise ValueError
    return found


def _contact(text: str) -> str:
    if not re.fullmatch(r"(?:mailto:[^@\s]+@|https://)[^@\s]+", text):
        raise ValueError
    return text


HOSTS = Rule("hosts like push.example.org or *.example.org, with commas between", _hosts, ",".join)
CONTACT = Rule("a contact like mailto:it@example.org or https://example.org", _contact)


def _store(text: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9+]*://[^\s]+", text):
        raise ValueError
    return text


STORE = Rule("a URL like s3://bucket/photos or file:///srv/photos", _store, without_password)
