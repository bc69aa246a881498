"""Every text in every language, with all it needs."""

from __future__ import annotations

import string

import pytest

from services.notifications.inbox.wording import LANGUAGES, TEMPLATES, WORDS, render
from services.workorders.inquiries.domain.events import INQUIRY_KINDS
from services.workorders.orders.domain.categories import CATEGORIES
from services.workorders.orders.domain.vocabulary import (
    DECLINE_REASONS,
    KINDS,
    PAUSE_REASONS,
    PRIORITIES,
)
from services.workorders.publication.domain import UNSUITABLE
from services.workorders.sla.domain.targets import TARGETS

FIRST = LANGUAGES[0]


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_templates_and_placeholders(language: str) -> None:
    found = {name: placeholders(text) for name, text in TEMPLATES[language].items()}
    assert found == {name: placeholders(text) for name, text in TEMPLATES[FIRST].items()}
    assert all(text.strip() == text != "" for text in TEMPLATES[language].values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_words(language: str) -> None:
    words = WORDS[language]
    categories = {code for codes in CATEGORIES.values() for code in codes}
    assert set(words) == {"kind", "category", "reason", "priority", "target", "unsuitable"}
    assert set(words["kind"]) == {*KINDS, *INQUIRY_KINDS}
    assert set(words["category"]) == categories
    assert set(words["priority"]) == set(PRIORITIES)
    assert set(words["target"]) == set(TARGETS)
    assert set(words["unsuitable"]) == set(UNSUITABLE)
    assert set(words["reason"]) == {*PAUSE_REASONS, *DECLINE_REASONS}


def test_a_text_is_put_together_from_codes() -> None:
    params: dict[str, str | int] = {"number": "R-2026-000001", "kind": "repair"}
    paused = {**params, "category": "lift", "reason": "parts"}
    assert (
        render("order_paused_staff", paused, "en")
        == "The repair R-2026-000001 (lift) is on hold: waiting for parts."
    )
    assert (
        render("order_paused_staff", paused, "zh-CN")
        == "报修 R-2026-000001（电梯）已暂停：等待配件。"
    )


def test_a_code_without_words_stands_for_itself() -> None:
    params: dict[str, str | int] = {"number": "C-1", "kind": "complaint", "category": "Graffiti"}
    assert render("order_submitted", params, "en").startswith("New complaint C-1 (Graffiti)")


def test_an_unknown_language_is_the_first_one() -> None:
    params: dict[str, str | int] = {"number": "C-1", "kind": "complaint"}
    assert render("order_started", params, "fr") == render("order_started", params, FIRST)


@pytest.mark.parametrize(
    ("fen", "yuan"), [(1, "0.01"), (10, "0.10"), (1234, "12.34"), (10_000_000_000, "100000000.00")]
)
def test_money_is_shown_to_the_fen(fen: int, yuan: str) -> None:
    params: dict[str, str | int] = {
        "number": "B-1",
        "order_number": "R-1",
        "category": "lift",
        "amount_fen": fen,
    }
    assert render("bill_raised", params, "en") == f"The bill B-1 for R-1 is ready: ¥{yuan} to pay."


def test_who_was_not_there_is_sent_to_the_comments_for_other_times() -> None:
    """Residents read this and have no command to ask for a visit."""
    params: dict[str, str | int] = {"number": "R-2026-000001", "kind": "repair", "when": "9:00"}
    assert "comments" in render("visit_missed", params, "en")
    assert "留言" in render("visit_missed", params, "zh-CN")
