"""Finding the texts in code and templates, and keeping the catalogues in step with them."""

from __future__ import annotations

import functools
import io
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

HERE = Path(__file__).parent
GATEWAY = HERE.parent
LOCALES = ("zh_Hans_CN", "en")
_METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
_KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "_l": None,
    "_p": ((1, "c"), 2),
}
_OPTIONS = {"**/templates/**.html": {"trimmed": "true", "newstyle_gettext": "true"}}
_WIDTH = 100
# the same on every day, so that only texts change these files
_DATE = datetime(2026, 1, 1, tzinfo=UTC)


@functools.cache
def extracted() -> Catalog:
    """Every text of the pages, with the files (not the lines, which move) it stands in."""
    found = Catalog(project="wuye")
    for name, _line, text, _comments, context in extract_from_dir(
        GATEWAY, method_map=_METHODS, options_map=_OPTIONS, keywords=_KEYWORDS
    ):
        found.add(text, locations=[(name, 0)], context=context)
    return found


def path(locale: str, kind: str = "po") -> Path:
    return HERE / locale / "LC_MESSAGES" / f"messages.{kind}"


def read(locale: str) -> Catalog:
    with path(locale).open("rb") as file:
        return read_po(file, locale=locale)


def missing(locale: str) -> list[str]:
    """The texts of the pages that have no translation, or a doubtful one."""
    known = read(locale)
    return [
        str(message.id)
        for message in extracted()
        if message.id and not _is_done(known.get(message.id, message.context))
    ]


def compiled(locale: str) -> bytes:
    out = io.BytesIO()
    write_mo(out, read(locale))
    return out.getvalue()


def update(locale: str) -> None:
    """Take new texts in, leave those out that are gone; English texts are their own translation."""
    known = read(locale) if path(locale).exists() else Catalog(locale=locale)
    fresh = _empty(locale)
    for message in extracted():
        if not message.id:
            continue
        old = known.get(message.id, message.context)
        string = message.id if locale == "en" else old.string if old is not None else None
        files = sorted({name for name, _line in message.locations})
        fresh.add(
            message.id,
            string,
            locations=[(name, None) for name in files],
            flags=message.flags,
            context=message.context,
        )
    path(locale).parent.mkdir(parents=True, exist_ok=True)
    with path(locale).open("wb") as file:
        write_po(file, fresh, width=_WIDTH, sort_output=True)
    path(locale, "mo").write_bytes(compiled(locale))


def _empty(locale: str) -> Catalog:
    return Catalog(
        locale=locale,
        project="wuye",
        version="1",
        msgid_bugs_address="none",
        last_translator="none",
        language_team="none",
        header_comment="# Texts of the wuye pages.",
        creation_date=_DATE,
        revision_date=_DATE,
        fuzzy=False,
    )


def _is_done(message: Message | None) -> bool:
    if message is None or message.fuzzy:
        return False
    strings = message.string if isinstance(message.string, (list, tuple)) else [message.string]
    return all(strings)
