"""Why somebody is suggested for an order, or nobody, in words."""

from __future__ import annotations

from typing import Any

import pytest

from services.gateway.board import suggestions
from services.workorders.orders.domain.choice import PASSED_OVER


def told(
    best: dict[str, int] | None, others: int = 2, skill: str | None = None, **passed_over: int
) -> Any:
    score = {"skill": 0, "load": 0, "distance": 0, "fairness": 0, "urgency": 0}
    whole = None if best is None else {**score, **best, "technician": "garden.wang"}
    one = {
        "id": "garden.1",
        "skill": skill,
        "best": whole,
        "others": others,
        "passed_over": passed_over,
    }
    return suggestions._suggestion(one, {"garden.wang": "王师傅"})


@pytest.mark.parametrize(
    ("best", "english", "chinese"),
    [
        (
            {"load": 1000, "distance": 1000},
            "nothing in hand, close by",
            "手上没有工单、就在附近",
        ),
        ({"load": 800}, "little in hand", "手上工单少"),
        ({"distance": 500, "skill": 600}, "the best of 3", "3 人中最合适"),
    ],
    ids=["two reasons", "one", "none by itself"],
)
def test_what_speaks_for_somebody_is_named(
    language: str, best: dict[str, int], english: str, chinese: str
) -> None:
    found = told(best)
    assert (found.technician, found.name) == ("garden.wang", "王师傅")
    assert found.reason == (english if language == "en" else chinese)


def test_skill_is_named_where_the_work_takes_one(language: str) -> None:
    assert told({"skill": 1000}, skill="lift").reason in ("most skilled", "技能最好")
    assert told({"skill": 1000}).reason in ("the best of 3", "3 人中最合适")


def test_the_only_one_is_suggested_as_that(language: str) -> None:
    assert told({"load": 1000}, others=0).reason in ("the only one who can", "唯一能去的人")


def test_why_there_is_nobody_is_counted_by_reason(language: str) -> None:
    found = told(None, off_shift=2, no_skill=1)
    assert found.technician is None
    assert found.reason in (
        "Nobody can be suggested: 1 without the skill, 2 off duty.",
        "无法建议人选：1 人没有相应技能、2 人不当班。",
    )


def test_every_reason_of_dispatching_has_words(language: str) -> None:
    assert set(suggestions._PASSED_OVER) == set(PASSED_OVER)
