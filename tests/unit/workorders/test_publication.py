"""What the public sees of finished work, who says so, and what is hidden again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from services.workorders.definition import SERVICE
from services.workorders.orders import schemas as o
from services.workorders.orders.domain import commands as c
from services.workorders.publication import domain as p
from services.workorders.publication import schemas as ps
from shared.errors import Forbidden, Invalid, WuyeError
from shared.identity.caller import Caller, Post
from tests.support.order_facts import BUILDING, OTHER_BUILDING, WANG, community_registered
from tests.unit.workorders.desk import Desk, boss, li, machine, placed, stranger, sun, wang

BEFORE, AFTER, OTHER = (f"{letter * 64}.jpg" for letter in "bac")
nobody = Caller("anonymous")
elsewhere = Caller("garden.zhou", (Post("dispatcher", "garden", (OTHER_BUILDING,)),))


class Board(Desk):
    def open(self, caller: Caller = boss, *, open: bool = True) -> Any:
        return self._ask("set_public_board", ps.SetPublicBoard, caller, open=open, of=None)

    def finished(self, **more: Any) -> str:
        order = self.report(photos=[BEFORE], **more)
        self.ask("orders", "dispatch", o.Dispatch, sun, id=order, technician=WANG)
        self.clock.advance(timedelta(hours=2))
        self.does(wang, c.Repair, order, notes="李四家的水管", photos=(AFTER, OTHER), materials=())
        self.clock.advance(timedelta(hours=1))
        self.does(li, c.Accept, order)
        return order

    def publish(self, order: str, caller: Caller = sun, **more: Any) -> Any:
        given = {"photos": [AFTER], "caption": "换了水管", **more}
        return self._ask("publish", ps.Publish, caller, of=order, **given)

    def flag(self, order: str, reason: str = "personal") -> Any:
        return self._ask("flag_published", ps.WithReason, machine, of=order, reason=reason)

    def hide(self, order: str, caller: Caller = sun) -> Any:
        return self._ask("hide_published", ps.WithReason, caller, of=order, reason="personal")

    def restore(self, order: str, caller: Caller = sun) -> Any:
        return self._ask("restore_published", ps.Restore, caller, of=order)

    def seen(self, **more: Any) -> list[dict[str, Any]]:
        """By everybody."""
        found = self._ask("public_works", ps.PublicWorks, nobody, of=None, **more)
        return list(found["works"])

    def staff_sees(self, caller: Caller = sun, **more: Any) -> list[dict[str, Any]]:
        found = self._ask("published", ps.Published, caller, of=None, **more)
        return list(found["works"])

    def _ask(
        self, method: str, schema: type, caller: Caller, *, of: str | None, **more: Any
    ) -> Any:
        about = {"community": "garden"} if of is None else {"id": of}
        return self.ask("publications", method, schema, caller, **about, **more)


@pytest.fixture
def desk() -> Iterator[Board]:
    found = Board(SERVICE)
    found.told("security", community_registered(), *placed())
    yield found
    found.close()


@pytest.fixture
def order(desk: Board) -> str:
    desk.open()
    return desk.finished()


def test_a_finished_repair_is_shown_with_what_was_chosen_for_it_alone(
    desk: Board, order: str
) -> None:
    assert desk.seen() == []
    desk.publish(order)
    [work] = desk.seen()
    assert work["photos"] == [AFTER]
    assert work["caption"] == "换了水管"
    assert work["building"] == BUILDING
    assert set(work) == {
        "id", "number", "kind", "category", "building", "submitted_at", "repaired_at",
        "accepted_at", "caption", "photos",
    }  # fmt: skip
    took = [work[name] for name in ("submitted_at", "repaired_at", "accepted_at")]
    assert took == sorted(set(took))


def test_nothing_is_published_where_the_manager_opened_no_board(desk: Board) -> None:
    order = desk.finished()
    with pytest.raises(p.NoBoard):
        desk.publish(order)
    with pytest.raises(p.NotPublished):
        desk.seen()
    for who in (sun, li, stranger):
        with pytest.raises(p.NotYoursToPublish):
            desk.open(who)


def test_a_closed_board_shows_nothing_of_what_was_on_it(desk: Board, order: str) -> None:
    desk.publish(order)
    desk.open(open=False)
    with pytest.raises(p.NotPublished):
        desk.seen()
    boards = desk.ask("publications", "public_boards", ps.PublicBoards, nobody)
    assert boards["communities"] == []
    desk.open()
    assert len(desk.seen()) == 1


@pytest.mark.parametrize("who", [li, wang, elsewhere], ids=lambda one: one.person)
def test_only_those_who_dispatch_there_publish_hide_and_restore(
    desk: Board, order: str, who: Caller
) -> None:
    with pytest.raises(p.NotYoursToPublish):
        desk.publish(order, who)
    desk.publish(order)
    desk.flag(order)
    for act in (desk.hide, desk.restore):
        with pytest.raises(p.NotYoursToPublish):
            act(order, who)
    assert len(desk.seen()) == 1


def test_only_accepted_repairs_are_published(desk: Board, order: str) -> None:
    waiting = desk.report()
    with pytest.raises(p.NotPublishable):
        desk.publish(waiting, photos=[])
    complaint = desk.ask(
        "orders", "submit", o.Submit, li, community="garden", kind="complaint", category="noise",
        description="楼上太吵",
    )["id"]  # fmt: skip
    with pytest.raises(p.NotPublishable):
        desk.publish(complaint, photos=[])


def test_photos_of_the_report_are_never_published(desk: Board, order: str) -> None:
    for photos in ([BEFORE], [AFTER, "d" * 64 + ".jpg"]):
        with pytest.raises(Invalid) as error:
            desk.publish(order, photos=photos)
        assert set(error.value.fields) == {"photos"}
    with pytest.raises(Invalid):
        desk.publish(order, photos=[], caption=" ")


def test_what_is_hidden_is_gone_at_once_even_where_no_view_has_heard_of_it(
    desk: Board, order: str
) -> None:
    desk.publish(order)
    desk.settle = lambda: None  # type: ignore[method-assign]
    desk.hide(order)
    assert desk.seen() == []
    number = desk.staff_sees()[0]["number"]
    with pytest.raises(p.NotPublished):
        desk.ask(
            "publications", "public_work", ps.PublicWork, nobody, community="garden", number=number
        )
    desk.restore(order)
    assert len(desk.seen()) == 1


def test_what_the_public_calls_unsuitable_waits_for_the_staff(desk: Board, order: str) -> None:
    desk.publish(order)
    desk.flag(order, "personal")
    desk.flag(order, "offensive")
    [waiting] = desk.staff_sees(only="flagged")
    assert (waiting["flags"], waiting["shown"]) == (["personal", "offensive"], True)
    assert [one.data["count"] for one in desk.of("PublishedWorkFlagged")] == [1, 2]
    desk.hide(order)
    assert desk.staff_sees(only="flagged") == []
    [hidden] = desk.staff_sees(only="hidden")
    assert (hidden["hidden"], hidden["shown"], hidden["flags"]) == (True, False, [])
    for late in (desk.flag, desk.publish):
        with pytest.raises(WuyeError):
            late(order)
    desk.restore(order)
    assert desk.staff_sees(only="hidden") == []


def test_found_fit_it_is_shown_on_with_nothing_said_against_it(desk: Board, order: str) -> None:
    desk.publish(order)
    desk.flag(order)
    desk.restore(order)
    assert desk.staff_sees(only="flagged") == []
    written = len(desk.facts())
    desk.restore(order)
    assert len(desk.facts()) == written


def test_no_more_is_kept_of_what_is_said_against_one_work_than_helps(
    desk: Board, order: str
) -> None:
    desk.publish(order)
    for _ in range(p.MOST_FLAGS + 5):
        desk.flag(order)
    assert len(desk.of("PublishedWorkFlagged")) == p.MOST_FLAGS


def test_work_that_was_opened_again_is_shown_only_once_it_is_published_again(
    desk: Board, order: str
) -> None:
    desk.publish(order)
    desk.does(li, c.Reopen, order, reason="又漏了")
    assert desk.seen() == []
    desk.clock.advance(timedelta(hours=1))
    desk.does(wang, c.Repair, order, notes="再换", photos=(OTHER,), materials=())
    desk.does(li, c.Accept, order)
    assert desk.seen() == []
    desk.publish(order, photos=[OTHER])
    assert [one["photos"] for one in desk.seen()] == [[OTHER]]


def test_pages_go_on_where_the_one_before_ended(desk: Board, order: str) -> None:
    orders = [order, *(desk.finished() for _ in range(4))]
    for one in orders:
        desk.publish(one)
    found, cursor = [], None
    while True:
        page = desk.ask(
            "publications", "public_works", ps.PublicWorks, nobody,
            community="garden", limit=2, cursor=cursor,
        )  # fmt: skip
        found += [one["id"] for one in page["works"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert found == orders[::-1]


def test_the_staff_of_another_building_see_nothing_of_it(desk: Board, order: str) -> None:
    desk.publish(order)
    assert desk.staff_sees(elsewhere) == []
    with pytest.raises(Forbidden):
        desk.staff_sees(li)
