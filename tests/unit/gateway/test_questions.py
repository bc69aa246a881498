from __future__ import annotations

from werkzeug.datastructures import MultiDict

from services.gateway.frame.forms import Form
from services.gateway.frame.words import CATEGORIES
from services.gateway.orders.questions import QUESTIONS, described, field


def test_questions_are_about_categories_there_are() -> None:
    assert {kind: set(asked) - set(CATEGORIES[kind]) for kind, asked in QUESTIONS.items()} == {
        "repair": set(),
        "complaint": set(),
    }


def test_answers_go_below_the_description_in_the_writers_language(language: str) -> None:
    where, what, _ = QUESTIONS["repair"]["plumbing"]
    form = Form(
        "submit",
        MultiDict(
            {
                "description": "漏水",
                field("plumbing", where): "tap",
                field("plumbing", what): "drips",
                field("lift", QUESTIONS["repair"]["lift"][0]): "stands",
            }
        ),
    )
    words = {
        "en": "漏水\nWhere is the trouble? Tap or basin\nWhat does it do? It drips",
        "zh-CN": "漏水\n哪里有问题？ 水龙头或水盆\n是什么情况？ 滴水",
    }
    assert described(form, "repair", "plumbing") == words[language]


def test_an_answer_nobody_was_offered_is_left_out(language: str) -> None:
    where = QUESTIONS["repair"]["plumbing"][0]
    form = Form("submit", MultiDict({"description": "x", field("plumbing", where): "<b>"}))
    assert described(form, "repair", "plumbing") == "x"
