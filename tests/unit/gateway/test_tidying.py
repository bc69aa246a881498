"""Which photos are thrown away and which are not, with the real service of work orders."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from services.gateway.uploads.images import cleaned
from services.gateway.uploads.store import Photos
from services.gateway.uploads.tidying import FORGOTTEN, UNATTACHED, Tidied, Tidying
from services.security.register.domain.events import PersonForgotten
from services.workorders.definition import SERVICE
from services.workorders.orders import schemas as o
from services.workorders.orders.domain import commands as c
from services.workorders.photos import schemas as p
from services.workorders.photos.views.attached_photos.projection import ATTACHED_PHOTOS
from shared.errors import Forbidden, NotFound, Unavailable
from tests.support.order_facts import LI, WANG, community_registered, fact
from tests.support.program import photo
from tests.unit.workorders.desk import Desk, li, machine, placed, sun, wang

MINUTE = timedelta(minutes=1)


class Keeper(Desk):
    """The service, and a folder of photos beside it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(SERVICE)
        self.told("security", community_registered(), *placed())
        self.folder = folder
        self.photos = Photos(folder.as_uri())
        self.asked = 0

    def kept(self, colour: str) -> str:
        """Sent just now."""
        reference = self.photos.keep(cleaned(photo(colour)))
        self._since(reference, timedelta(0))
        return reference

    def old(self, reference: str, age: timedelta) -> str:
        self._since(reference, age)
        return reference

    def _since(self, reference: str, age: timedelta) -> None:
        at = (self.clock.now() - age).timestamp()
        for path in self.folder.rglob(f"{reference[:64]}*"):
            os.utime(path, (at, at))

    def there(self, reference: str) -> bool:
        found = []
        for small in (False, True):
            try:
                found.append(bool(self.photos.read(reference, small=small)))
            except NotFound:
                found.append(False)
        assert found[0] == found[1], "both files or none"
        return found[0]

    def tidied(self, limit: int = p.MOST) -> Tidied:
        def ask(request: Any) -> Any:
            self.asked += 1
            given = {"limit": limit, **request}
            return self.ask("photos", "attached_photos", p.AttachedPhotos, machine, **given)

        return Tidying(self.photos, ask, self.clock).round()

    def forget(self, person: str) -> None:
        gone = PersonForgotten(person=person, community="garden")
        self.told("security", fact(gone, stream=person, log="security", actor="boss"))

    def repaired(self, order: str, *photos: str) -> None:
        self.ask("orders", "dispatch", o.Dispatch, sun, id=order, technician=WANG)
        self.does(wang, c.Repair, order, notes="ok", photos=photos, materials=())


@pytest.fixture
def keeper(tmp_path: Path) -> Iterator[Keeper]:
    found = Keeper(tmp_path)
    yield found
    found.close()


def test_what_was_attached_to_nothing_for_a_day_goes_and_nothing_else(keeper: Keeper) -> None:
    lost = keeper.old(keeper.kept("red"), UNATTACHED + MINUTE)
    young = keeper.old(keeper.kept("blue"), UNATTACHED - MINUTE)
    of_report = keeper.old(keeper.kept("green"), timedelta(days=900))
    of_repair = keeper.old(keeper.kept("teal"), timedelta(days=900))
    keeper.repaired(keeper.report(photos=[of_report]), of_repair)
    assert keeper.tidied() == Tidied(8, 2)
    there = [keeper.there(one) for one in (lost, young, of_report, of_repair)]
    assert there == [False, True, True, True]


def test_a_forgotten_persons_photos_go_and_those_of_others_stay(keeper: Keeper) -> None:
    own = keeper.old(keeper.kept("red"), FORGOTTEN + MINUTE)
    repair = keeper.old(keeper.kept("blue"), FORGOTTEN + MINUTE)
    order = keeper.report(photos=[own])
    keeper.repaired(order, repair)
    keeper.tidied()
    assert keeper.there(own)
    keeper.forget(LI)
    keeper.tidied()
    assert (keeper.there(own), keeper.there(repair)) == (False, True)
    keeper.forget(WANG)
    keeper.tidied()
    assert not keeper.there(repair)


def test_a_photo_that_somebody_else_attached_too_stays_until_they_are_forgotten(
    keeper: Keeper,
) -> None:
    both = keeper.old(keeper.kept("red"), FORGOTTEN + MINUTE)
    keeper.repaired(keeper.report(photos=[both]), both)
    keeper.forget(LI)
    keeper.tidied()
    assert keeper.there(both)
    keeper.forget(WANG)
    keeper.tidied()
    assert not keeper.there(both)


def test_a_photo_that_is_sent_again_is_young_again(keeper: Keeper) -> None:
    keeper.old(keeper.kept("red"), UNATTACHED + MINUTE)
    again = keeper.kept("red")
    assert keeper.tidied().removed == 0
    assert keeper.there(again)


def test_what_never_got_whole_goes_after_a_day(keeper: Keeper) -> None:
    (keeper.folder / "aa").mkdir()
    part = keeper.folder / "aa" / f"{'a' * 64}.jpg.0123.part"
    part.write_bytes(b"torn")
    for age, left in ((UNATTACHED - MINUTE, True), (UNATTACHED + MINUTE, False)):
        at = (keeper.clock.now() - age).timestamp()
        os.utime(part, (at, at))
        keeper.tidied()
        assert part.exists() is left


def test_all_pages_are_asked_for(keeper: Keeper) -> None:
    photos = [keeper.old(keeper.kept(colour), UNATTACHED * 2) for colour in ("red", "blue", "teal")]
    for one in photos:
        keeper.report(photos=[one])
    assert keeper.tidied(limit=1) == Tidied(6, 0)
    assert keeper.asked == 4


def test_nothing_goes_while_the_list_of_what_is_attached_lags(keeper: Keeper) -> None:
    attached = keeper.old(keeper.kept("red"), UNATTACHED * 2)
    keeper.settle = lambda: None  # type: ignore[method-assign]
    keeper.report(photos=[attached])
    with pytest.raises(Unavailable):
        keeper.tidied()
    assert keeper.there(attached)


def test_services_alone_see_which_photos_belong_to_anything(keeper: Keeper) -> None:
    for who in (li, sun):
        with pytest.raises(Forbidden):
            keeper.ask("photos", "attached_photos", p.AttachedPhotos, who)


def test_every_event_with_photos_is_known_to_whoever_keeps_them() -> None:
    """What is published is chosen from a repair's, which are known."""
    with_photos = {
        kind.name
        for kind in SERVICE.catalogue
        if any("photo" in name for name in kind.cls.__struct_fields__)
    }
    assert with_photos - {"WorkPublished"} == set(ATTACHED_PHOTOS.handles)


def test_an_empty_folder_is_no_fault(keeper: Keeper) -> None:
    assert Tidying(
        Photos((keeper.folder / "none").as_uri()), lambda _: {"attached": [], "next": None},
        keeper.clock,
    ).round() == Tidied(0, 0)  # fmt: skip
