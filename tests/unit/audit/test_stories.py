"""Gathering one stream's story out of several logs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import pytest

from shared.audit.gathering import Answer, Question, Search, gathered
from shared.errors import Invalid


def event(id_: str, log: str, subject: str, version: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "log": log,
        "subject": subject,
        "streamversion": version,
        "position": version,
        "time": "2026-03-01T12:00:00+00:00",
        "correlationid": f"c-{id_}",
        "causationid": None,
        "data": {},
        **more,
    }


ORDER = event("order", "orders", "o")
BILL = event("bill", "bills", "b", causationid="order")
PAID = event("paid", "bills", "b", 2)
TOLD = event("told", "posts", "p", causationid="paid")
COMMENT = event("comment", "orders", "c", data={"about": "o"})
READ = event("read", "posts", "r", causationid="comment")
LOGS = {
    "orders": [ORDER, COMMENT],
    "bills": [BILL, PAID],
    "posts": [TOLD, event("other", "posts", "q"), READ],
}


class Logs:
    """As the services answer, an event a time; ``asked``: what was asked for at the same time, by
    log and what it was asked by.
    """

    def __init__(self, **silent: int) -> None:
        """``silent``: log to the turn, from 0, from which on it does not answer."""
        self.asked: list[list[tuple[str, frozenset[str]]]] = []
        self.silent: dict[str, range] = {log: range(turn, 99) for log, turn in silent.items()}

    def search(self, questions: Sequence[Question]) -> list[Answer]:
        turn = len(self.asked)
        self.asked.append(
            [(log, frozenset(name for name in asked if asked[name])) for log, asked in questions]
        )
        return [partial(self._answer, turn, log, asked) for log, asked in questions]

    def _answer(self, turn: int, log: str, asked: dict[str, Any]) -> dict[str, Any] | None:
        if turn in self.silent.get(log, ()):
            return None
        if "subjects" in asked:
            fits = [one for one in LOGS[log] if one["subject"] in asked["subjects"]]
            return {"events": fits, "next": 9, "head": 9, "done": True}
        rest = LOGS[log][asked["after"] :]
        fits = [
            one
            for one in rest[:1]
            if one["causationid"] in asked["causes"]
            or one["correlationid"] in asked["correlations"]
            or one["data"].get("about") in asked["named"]
        ]
        return {"events": fits, "next": asked["after"] + 1, "head": 9, "done": len(rest) <= 1}


ALL = {"order", "comment", "bill", "paid", "told", "read"}


def test_a_story_follows_what_was_begun_into_the_logs_behind() -> None:
    story = gathered(Logs().search, list(LOGS), [ORDER])
    assert {one["id"] for one in story.events} == ALL
    assert story.unsearched == []


def test_all_logs_are_asked_at_the_same_time_and_again_only_for_what_is_new() -> None:
    logs = Logs()
    gathered(logs.search, list(LOGS), [ORDER])
    links = frozenset({"since", "correlations", "causes", "named", "begun"})
    assert logs.asked[0] == [(log, links) for log in LOGS]
    # what names the order is found the first time, wherever it is
    later = [one for turn in logs.asked[1:] for one in turn]
    new = [by for _, by in later if "after" not in by and "subjects" not in by]
    assert new and all("named" not in by for by in new)
    assert ("orders", frozenset({"subjects"})) in later
    assert not [by for log, by in later if log == "orders" and by in new]


@pytest.mark.parametrize(("log", "turn"), [("bills", 0), ("bills", 1), ("posts", 0), ("orders", 1)])
def test_a_story_says_which_log_did_not_answer_and_tells_what_the_others_have(
    log: str, turn: int
) -> None:
    story = gathered(Logs(**{log: turn}).search, list(LOGS), [ORDER])
    assert story.unsearched == [log]
    assert "order" in {one["id"] for one in story.events} < ALL


@pytest.mark.parametrize("log", LOGS)
@pytest.mark.parametrize("turn", [0, 1])
def test_a_log_that_did_not_answer_once_is_asked_again(log: str, turn: int) -> None:
    logs = Logs()
    logs.silent[log] = range(turn, turn + 1)
    story = gathered(logs.search, list(LOGS), [ORDER])
    assert {one["id"] for one in story.events} == ALL
    assert story.unsearched == []


def test_a_log_that_does_not_answer_twice_is_asked_no_more() -> None:
    logs = Logs(posts=0)
    gathered(logs.search, list(LOGS), [ORDER])
    assert [any(log == "posts" for log, _ in turn) for turn in logs.asked[:3]] == [
        True,
        True,
        False,
    ]


def test_a_stream_that_was_told_whole_is_not_asked_for() -> None:
    logs = Logs()

    def search(questions: Sequence[Question]) -> list[Answer]:
        return [partial(whole, answer) for answer in logs.search(questions)]

    def whole(answer: Answer) -> dict[str, Any] | None:
        page = answer()
        if page is not None and BILL in page["events"]:
            page |= {"events": [BILL, PAID], "begun": ["b"]}
        return page

    story = gathered(search, list(LOGS), [ORDER])
    assert {one["id"] for one in story.events} == ALL
    by = [(log, "subjects" in by) for turn in logs.asked for log, by in turn]
    assert ("orders", True) in by and ("bills", True) not in by


def refusing(logs: Logs, field: str, refused: list[str]) -> Search:
    """As services of a release that knows no such field."""

    def answer(found: Answer, log: str, asked: dict[str, Any]) -> dict[str, Any] | None:
        if field in asked and log != "posts":
            refused.append(log)
            raise Invalid("The request has faults.", fields={field: ["There is no such field."]})
        return found()

    return lambda questions: [
        partial(answer, found, *question)
        for found, question in zip(logs.search(questions), questions, strict=True)
    ]


def test_a_service_of_the_release_before_is_asked_for_less() -> None:
    refused: list[str] = []
    story = gathered(refusing(Logs(), "begun", refused), list(LOGS), [ORDER])
    assert {one["id"] for one in story.events} == ALL
    assert story.unsearched == []
    # and then not for that again
    assert refused == ["orders", "bills"]


def test_a_question_that_is_wrong_is_no_matter_of_releases() -> None:
    refused: list[str] = []
    with pytest.raises(Invalid):
        gathered(refusing(Logs(), "causes", refused), list(LOGS), [ORDER])
    assert refused == ["orders"]


def test_streams_that_one_answer_does_not_hold_are_asked_for_in_parts() -> None:
    asked = []

    posts = [event(one, "posts", one, causationid="order") for one in ("a", "b")]

    def answer(log: str, wanted: dict[str, Any]) -> dict[str, Any]:
        """Two posts, of each of which the same answer holds no other."""
        subjects = wanted.get("subjects", [])
        asked.append(subjects)
        fits = [one for one in posts if log == "posts" and one["subject"] in subjects]
        if not subjects and log == "posts":
            fits = posts
        return {"events": fits, "next": 9, "head": 9, "done": len(subjects) < 2}

    def search(questions: Sequence[Question]) -> list[Answer]:
        return [partial(answer, *question) for question in questions]

    story = gathered(search, list(LOGS), [ORDER])
    assert [one for one in asked if one] == [["a", "b"], ["a"], ["b"]]
    assert story.unsearched == []


def test_a_story_says_which_logs_there_was_no_time_for() -> None:
    story = gathered(Logs().search, list(LOGS), [ORDER], seconds=0)
    assert [one["id"] for one in story.events] == ["order"]
    assert story.unsearched == ["orders", "bills", "posts"]
