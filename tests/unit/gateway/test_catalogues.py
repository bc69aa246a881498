"""The catalogues of the pages' texts, in every language."""

from __future__ import annotations

import re

import pytest

from services.gateway.translations import catalogues

PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%[sd%]")


@pytest.mark.parametrize("locale", catalogues.LOCALES)
class TestCatalogue:
    def test_every_text_of_the_pages_is_translated(self, locale: str) -> None:
        assert catalogues.missing(locale) == []

    def test_no_text_is_kept_that_no_page_has(self, locale: str) -> None:
        used = {(message.id, message.context) for message in catalogues.extracted()}
        kept = {(message.id, message.context) for message in catalogues.read(locale)}
        assert kept - used == set()

    def test_what_is_compiled_is_what_is_written(self, locale: str) -> None:
        assert catalogues.path(locale, "mo").read_bytes() == catalogues.compiled(locale)

    def test_a_translation_has_the_placeholders_of_its_text(self, locale: str) -> None:
        for message in catalogues.read(locale):
            texts = message.id if isinstance(message.id, tuple) else (message.id,)
            strings = message.string if isinstance(message.string, tuple) else (message.string,)
            wanted = set(PLACEHOLDER.findall(texts[-1]))
            for string in strings:
                assert message.id == "" or set(PLACEHOLDER.findall(string)) == wanted, texts


def test_english_texts_are_their_own_translation() -> None:
    for message in catalogues.read("en"):
        assert message.id == "" or message.string == message.id


def test_chinese_texts_are_chinese() -> None:
    for message in catalogues.read("zh_Hans_CN"):
        if message.id == "":
            continue
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        same_everywhere = {"Open311"}
        for string in strings:
            assert string in same_everywhere or re.search(r"[\u4e00-\u9fff]", string), message.id
