"""What is suggested of a report: its category, its priority, and which others are like it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.workorders.orders import schemas as o
from services.workorders.orders.domain.categories import CATEGORIES
from services.workorders.orders.domain.refusals import NoSuchOrder
from services.workorders.triage import domain, text
from services.workorders.triage import schemas as ts
from shared.errors import Forbidden
from shared.testing.scenario import NOON
from tests.support.order_facts import BUILDING, OTHER_BUILDING
from tests.unit.workorders.desk import Desk, mei, stranger, sun


@pytest.mark.parametrize(
    ("report", "category", "words", "priority"),
    [
        ("厨房水管漏水，已经漏到楼下了", "plumbing", "厨房 水管 漏水", "normal"),
        ("电梯困人了！快来", "lift", "电梯 困人", "urgent"),
        ("客厅的灯不亮，跳闸了，有火花", "electrical", "灯不亮 跳闸 火花", "urgent"),
        ("暖气不热，家里有婴儿", "heating", "暖气 不热 婴儿", "high"),
        ("Kitchen faucet is leeking, no hurry", "plumbing", None, "low"),
        ("The ELEVATER is stuck, an old man is trapped inside", "lift", None, "urgent"),
        ("upstairs neighbours play loud music after midnight", "noise", None, "normal"),
        ("有人乱停车，占车位", "parking", None, "normal"),
    ],
    ids=str,
)
def test_what_people_write_speaks_for_a_category_and_a_priority(
    report: str, category: str, words: str | None, priority: str
) -> None:
    found = text.words_of(report)
    if words is not None:
        assert set(found) == set(words.split())
    assert domain.categories(found, text.rules())[0].category == category
    assert domain.priority(found, text.rules()).priority == priority


def test_text_that_says_nothing_gets_no_suggestion() -> None:
    assert text.words_of("你好 hello 12345 💧") == []
    assert domain.categories([], text.rules()) == []
    assert domain.priority([], text.rules()) == domain.PrioritySuggestion(
        priority="normal", words=()
    )


def test_a_longer_phrase_stands_for_itself_alone() -> None:
    assert text.words_of("a smell of gas") == ["smell of gas"]


def test_short_words_are_not_guessed_at() -> None:
    assert "cat" not in text.words_of("my car was hit")
    assert "tap" not in text.words_of("the tape is loose")


def test_the_rules_name_only_what_there_is() -> None:
    known = {f"{kind}/{name}" for kind, names in CATEGORIES.items() for name in names}
    assert set(text.rules().categories) == {one for one in known if not one.endswith("/other")}
    assert set(text.rules().priorities) <= set(domain.PRIORITIES)
    assert all(word == word.lower() for word in text.rules().words())


def report(**changes: Any) -> domain.Report:
    good = {"kind": "repair", "category": "lift", "building": "b", "unit": None, "at": NOON}
    return domain.Report(**{**good, **changes})


def test_likeness_is_made_of_text_place_category_and_time() -> None:
    assert domain.likeness(report(), report(), 100) == 100
    assert domain.likeness(report(), report(unit="u"), 100) == 90
    assert domain.likeness(report(), report(category="other"), 100) == 85
    assert domain.likeness(report(), report(), 20) == 60
    days = timedelta(days=1)
    assert domain.likeness(report(), report(at=NOON - 7 * days), 100) == 85
    assert domain.likeness(report(), report(at=NOON - 8 * days), 100) == 0
    assert domain.likeness(report(), report(building="c"), 100) == 0
    assert domain.likeness(report(), report(kind="complaint"), 100) == 0


def test_a_neighbours_report_of_the_same_is_shown_without_their_words_name_or_door(
    desk: Desk,
) -> None:
    order = desk.report("lift", description="电梯坏了，停在三楼不动")
    desk.report("plumbing", description="厨房漏水")
    found = desk.suggest()
    (like,) = found["duplicates"]
    assert like.pop("score") >= domain.LIKELY
    assert like == {
        "id": order,
        "number": "R-2026-000001",
        "kind": "repair",
        "category": "lift",
        "building": BUILDING,
        "state": "submitted",
        "submitted_at": NOON.isoformat(),
    }
    assert found["categories"][0]["category"] == "lift"
    assert desk.suggest(building=OTHER_BUILDING)["duplicates"] == []


def test_what_a_person_chose_is_left_as_it_is(desk: Desk) -> None:
    found = desk.suggest(kind="complaint", description="电梯坏了，态度差")
    assert {one["kind"] for one in found["categories"]} == {"complaint"}
    order = desk.report("plumbing", description="电梯坏了")
    row = desk.ask("queries", "get", o.Get, sun, id=order)
    assert row["category"] == "plumbing"


def test_who_is_about_to_report_reads_how_it_finds_its_technician_and_by_when(desk: Desk) -> None:
    assert desk.suggest(description="")["mode"] is None
    before = desk.suggest(kind="repair", category="plumbing")
    assert (before["mode"], before["promises"]) == ("assign", [])
    desk.mode("grab")
    desk.promise(plumbing=30)
    found = desk.suggest(kind="repair", category="plumbing", description="")
    assert found["mode"] == "grab"
    due = (NOON + timedelta(minutes=30)).isoformat()
    assert found["promises"] == [{"target": "respond", "due": due}]
    assert desk.suggest(kind="repair", category="lift")["promises"] == []


def test_suggestions_are_for_the_people_of_the_community(desk: Desk) -> None:
    with pytest.raises(Forbidden):
        desk.suggest(stranger)


def test_staff_is_shown_what_an_order_may_duplicate(desk: Desk) -> None:
    first = desk.report("lift", description="电梯坏了，停在三楼不动")
    second = desk.report("lift", description="三楼电梯坏了")
    found = desk.ask("triage", "duplicates", ts.Duplicates, sun, id=second)
    assert [one["id"] for one in found["duplicates"]] == [first]
    with pytest.raises(NoSuchOrder):
        desk.ask("triage", "duplicates", ts.Duplicates, mei, id=second)
