"""The texts of notifications, from one file a language: ``wording.<language>.json``.

Placeholders: ``{number}`` of the order or bill (a calendar's is the year), ``{order_number}`` of a
bill's order, ``{into_number}`` of what it was merged into, ``{origin_number}`` of what it came of,
``{sub_number}`` of a part, ``{kind}``, ``{category}``, ``{reason}``, ``{stars}``, ``{priority}``,
``{when}`` of a visit or a deferral, ``{unsuitable}``, ``{target}`` with ``{percent}`` of its time,
``{amount}`` in yuan. Residents and staff are told in words of their own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

DEFAULT_LANGUAGE = "zh-CN"
LANGUAGES = (DEFAULT_LANGUAGE, "en")


def _read(language: str) -> dict[str, Any]:
    text = (files(__package__) / f"wording.{language}.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


_FILES = {language: _read(language) for language in LANGUAGES}
TEMPLATES: dict[str, dict[str, str]] = {name: file["templates"] for name, file in _FILES.items()}
# the words for codes, by placeholder; a code without words stands for itself
WORDS: dict[str, dict[str, dict[str, str]]] = {name: file["words"] for name, file in _FILES.items()}


def render(template: str, params: Mapping[str, str | int], language: str) -> str:
    """The text for people; in the default language where ``language`` is none we speak."""
    spoken = language if language in TEMPLATES else DEFAULT_LANGUAGE
    words = WORDS[spoken]
    shown = {name: words.get(name, {}).get(str(code), code) for name, code in params.items()}
    if "amount_fen" in params:
        yuan, fen = divmod(int(params["amount_fen"]), 100)
        shown["amount"] = f"{yuan}.{fen:02d}"
    return TEMPLATES[spoken][template].format_map(shown)
