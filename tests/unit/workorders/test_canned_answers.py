"""Canned answers: who keeps them, what they are for, and which fit an order."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from services.workorders.canned_answers import schemas as s
from services.workorders.canned_answers.domain import CANNED_ANSWERS as DECIDER
from services.workorders.canned_answers.domain import (
    MOST_KEPT,
    CannedAnswerKept,
    Keep,
    NoSuchAnswer,
    NotTheirKeeper,
    TooManyAnswers,
    Wording,
    canned_answers_id,
)
from shared.errors import Forbidden, Invalid
from shared.identity.caller import Caller, Post
from shared.testing import scenario
from tests.unit.workorders.desk import Desk, boss, li, stranger, sun, wang

ENGLISH = [{"language": "en", "text": "Not ours to do."}]


def keep(desk: Desk, by: Caller = boss, **more: Any) -> str:
    asked = {"use": "decline", "wordings": ENGLISH, **more}
    done = desk.ask("canned_answers", "keep", s.KeepCannedAnswer, by, community="garden", **asked)
    return str(done["answer"])


def listed(desk: Desk, by: Caller = sun, **asked: Any) -> list[Any]:
    found = desk.ask("canned_answers", "listed", s.CannedAnswers, by, community="garden", **asked)
    answers: list[Any] = found["canned_answers"]
    return answers


def test_what_fits_an_order_is_told_the_narrowest_first(desk: Desk) -> None:
    plumbing = {"kind": "repair", "category": "plumbing"}
    any_ = keep(desk)
    of_plumbing = keep(desk, **plumbing)
    here = keep(desk, **plumbing, state="submitted")
    keep(desk, kind="complaint", category="noise")
    keep(desk, **plumbing, state="dispatched")
    keep(desk, use="pause")
    found = listed(desk, use="decline", **plumbing, state="submitted")
    assert [one["answer"] for one in found] == [here, of_plumbing, any_]


def test_one_that_says_something_else_stays_in_its_place(desk: Desk) -> None:
    first, second = keep(desk), keep(desk, use="pause")
    both = [*ENGLISH, {"language": "zh-CN", "text": "不属于我们。"}]
    assert keep(desk, answer=first, wordings=both) == first
    keep(desk, answer=first, wordings=both)
    assert [one["answer"] for one in listed(desk)] == [first, second]
    assert list(listed(desk, use="decline")[0]["wordings"]) == both
    assert len(desk.of("CannedAnswerKept")) == 3, "the same again adds nothing"


def test_what_is_withdrawn_is_offered_no_more(desk: Desk) -> None:
    answer = keep(desk)
    asked = {"community": "garden", "answer": answer}
    desk.ask("canned_answers", "withdraw", s.WithdrawCannedAnswer, boss, **asked)
    assert listed(desk) == []
    with pytest.raises(NoSuchAnswer):
        desk.ask("canned_answers", "withdraw", s.WithdrawCannedAnswer, boss, **asked)
    with pytest.raises(NoSuchAnswer):
        keep(desk, answer=answer)


def test_supervisors_and_managers_keep_them_and_the_staff_read_them(desk: Desk) -> None:
    supervisor = Caller("garden.qian", (Post("supervisor", "garden"),))
    keep(desk, supervisor)
    elsewhere = Caller("hill.boss", (Post("manager", "hill"),))
    for by in (sun, wang, li, elsewhere):
        with pytest.raises(NotTheirKeeper):
            keep(desk, by)
    assert listed(desk, wang) and listed(desk, sun)
    for by in (li, stranger, elsewhere):
        with pytest.raises(Forbidden):
            listed(desk, by)


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"use": "shout"}, "use"),
        ({"category": "plumbing"}, "kind"),
        ({"kind": "repair", "category": "noise"}, "category"),
        ({"kind": "wish"}, "kind"),
        ({"state": "lost"}, "state"),
        ({"wordings": []}, "wordings"),
        ({"wordings": ENGLISH * 2}, "wordings"),
        ({"wordings": [{"language": "en", "text": " "}]}, "wordings.0.text"),
        ({"wordings": [{"language": "fr", "text": "non"}]}, "wordings.0.language"),
    ],
)
def test_bad_input_names_its_field_and_writes_nothing(
    desk: Desk, asked: dict[str, Any], field: str
) -> None:
    head = desk.log.head()
    with pytest.raises(Invalid) as found:
        keep(desk, **asked)
    assert list(found.value.fields) == [field]
    assert desk.log.head() == head


def test_no_more_are_kept_than_can_be_chosen_from() -> None:
    def kept(number: int) -> CannedAnswerKept:
        return CannedAnswerKept(
            community="garden",
            answer=f"garden.{number}",
            use="pause",
            kind=None,
            category=None,
            state=None,
            wordings=(Wording(language="en", text="wait"),),
        )

    full = scenario.given(DECIDER, *(kept(number) for number in range(MOST_KEPT)))
    words = {"use": "pause", "kind": None, "category": None, "state": None}
    command = Keep(
        by=boss, community="garden", answer=f"garden.{uuid4()}", new=True,
        wordings=(("en", "more"),), **words,
    )  # fmt: skip
    full.when(command).refused(TooManyAnswers)
    changed = Keep(
        by=boss, community="garden", answer="garden.0", new=False,
        wordings=(("en", "more"),), **words,
    )  # fmt: skip
    assert len(full.when(changed).after().kept) == MOST_KEPT


def test_each_community_has_its_own(desk: Desk) -> None:
    assert canned_answers_id("garden") != canned_answers_id("hill")
    assert canned_answers_id("garden").startswith("garden.")
