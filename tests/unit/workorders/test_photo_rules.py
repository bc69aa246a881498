"""Photos that work of some categories does not do without, and a signature."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from services.workorders.orders import schemas as o
from services.workorders.orders.domain import commands as c
from services.workorders.orders.domain.photos import PhotoMissing
from services.workorders.photo_rules import schemas as s
from services.workorders.photo_rules.domain import (
    PHOTO_RULES,
    NotItsManager,
    SetPhotoRule,
    photo_rules_id,
)
from shared.errors import Forbidden, Invalid
from shared.eventlog.decider import Context
from shared.eventlog.executor import EventLog
from shared.eventlog.snapshots import Snapshots
from shared.identity.caller import Caller
from tests.support.order_facts import WANG
from tests.unit.workorders.cast import (
    HISTORIES,
    check_requested,
    dispatched,
    given,
    imported,
    li,
    qian,
    reminded,
    repaired,
    submitted,
)
from tests.unit.workorders.cast import wang as cast_wang
from tests.unit.workorders.desk import Desk, boss, stranger, sun, wang
from tests.unit.workorders.desk import li as garden_li

PHOTO = "a" * 64 + ".jpg"
BOTH = ("photos_before", "photos")


def repair(**more: Any) -> c.Repair:
    return c.Repair(by=cast_wang, notes="new washer", minutes=30, photos_needed=BOTH, **more)


# -- the rule ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given_photos", "missing"),
    [
        ({}, ["photos_before", "photos"]),
        ({"photos": (PHOTO,)}, ["photos_before"]),
        ({"photos_before": (PHOTO,)}, ["photos"]),
    ],
)
def test_what_is_missing_is_named(given_photos: dict[str, Any], missing: list[str]) -> None:
    given(*HISTORIES["working"]).when(repair(**given_photos)).refused(PhotoMissing, fields=missing)


def test_with_the_photos_it_is_taken() -> None:
    command = repair(photos=(PHOTO,), photos_before=(PHOTO,))
    given(*HISTORIES["working"]).when(command).then(
        repaired(photos=(PHOTO,), photos_before=(PHOTO,))
    )


def test_a_report_with_photos_shows_how_it_was_found() -> None:
    history = (submitted(photos=(PHOTO,)), dispatched)
    given(*history).when(repair(photos=(PHOTO,))).then(repaired(photos=(PHOTO,)))
    given(*history).when(repair()).refused(PhotoMissing, fields=["photos"])


def test_alarms_and_imported_orders_take_none() -> None:
    alarm = submitted(channel="alarm")
    assert given(alarm, dispatched).when(repair()).after().state == "repaired"
    open_ = imported(state="submitted", closed_at=None)
    sent = msgspec.structs.replace(dispatched, number="R-2016-000001")
    assert given(open_, sent).when(repair()).after().state == "repaired"


# -- the signature -------------------------------------------------------------------------------


def test_somebody_there_signs_the_repair_or_the_check() -> None:
    command = c.Repair(by=cast_wang, notes="new washer", minutes=30, signature=PHOTO)
    given(*HISTORIES["working"]).when(command).then(repaired(signature=PHOTO))
    to_check = (*HISTORIES["repaired"], reminded, check_requested)
    done = given(*to_check).when(c.Accept(by=qian, signature=PHOTO)).events[0]
    assert (done.signature, done.checked) == (PHOTO, True)


def test_a_resident_who_accepts_signs_nothing() -> None:
    command = c.Accept(by=li, signature=PHOTO)
    given(*HISTORIES["repaired"]).when(command).refused(Invalid, fields=["signature"])


# -- as data of a community ----------------------------------------------------------------------


def rule(desk: Desk, by: Caller = boss, **more: Any) -> Any:
    asked = {"kind": "repair", "category": "plumbing", "before": False, "after": True, **more}
    return desk.ask("photo_rules", "set_rule", s.SetPhotoRule, by, community="garden", **asked)


def test_the_rule_of_its_category_holds_for_an_order_and_no_other(desk: Desk) -> None:
    rule(desk)
    orders = {}
    for category in ("plumbing", "lift"):
        orders[category] = desk.report(category)
        desk.does(sun, c.Dispatch, orders[category], technician=WANG, technician_here=True)
    asked = {"id": orders["plumbing"], "notes": "done"}
    with pytest.raises(PhotoMissing) as found:
        desk.ask("orders", "repair", o.Repair, wang, **asked)
    assert list(found.value.fields) == ["photos"]
    assert (found.value.code, found.value.reason) == ("invalid", "photo_missing")
    desk.ask("orders", "repair", o.Repair, wang, **asked, photos=[PHOTO])
    desk.ask("orders", "repair", o.Repair, wang, id=orders["lift"], notes="done")
    assert len(desk.of("WorkOrderRepaired")) == 2


def test_a_rule_that_another_process_lifted_a_moment_ago_keeps_nobody_waiting(desk: Desk) -> None:
    rule(desk)
    order = desk.report()
    desk.does(sun, c.Dispatch, order, technician=WANG, technician_here=True)
    with pytest.raises(PhotoMissing):
        desk.ask("orders", "repair", o.Repair, wang, id=order, notes="done")
    parts = desk.parts
    snapshots = Snapshots(parts.store, parts.sealer)
    other = EventLog(parts.store, parts.mapper, snapshots, parts.clock, parts.commits)
    lifted = {"kind": "repair", "category": "plumbing", "before": False, "after": False}
    once = Context(actor=boss.person, command_id="once", command_digest="", correlation_id="once")
    command = SetPhotoRule(by=boss, community="garden", **lifted)
    other.execute(PHOTO_RULES, photo_rules_id("garden"), command, once)
    desk.ask("orders", "repair", o.Repair, wang, id=order, notes="done")
    assert len(desk.of("WorkOrderRepaired")) == 1


def test_a_rule_is_set_and_taken_back_and_the_same_again_adds_nothing(desk: Desk) -> None:
    def needed() -> list[tuple[str, bool, bool]]:
        told = desk.ask("photo_rules", "rules", s.OfCommunity, garden_li, community="garden")
        return [
            (one["category"], one["before"], one["after"])
            for one in told["rules"]
            if one["before"] or one["after"]
        ]

    assert needed() == []
    assert rule(desk)["version"] == rule(desk)["version"] == 1
    assert needed() == [("plumbing", False, True)]
    rule(desk, before=True)
    assert needed() == [("plumbing", True, True)]
    rule(desk, after=False)
    assert needed() == []


def test_only_a_manager_sets_it_and_strangers_do_not_read_it(desk: Desk) -> None:
    for by in (sun, wang, garden_li):
        with pytest.raises(NotItsManager):
            rule(desk, by)
    with pytest.raises(Forbidden):
        desk.ask("photo_rules", "rules", s.OfCommunity, stranger, community="garden")


@pytest.mark.parametrize("wrong", [{"kind": "wish"}, {"category": "noise"}, {"after": "yes"}])
def test_bad_input_names_its_field(desk: Desk, wrong: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as found:
        rule(desk, **wrong)
    assert list(found.value.fields) == list(wrong)
