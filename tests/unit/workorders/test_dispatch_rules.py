"""What the manager of a community sets: modes, weights, where buildings stand."""

from __future__ import annotations

from typing import Any

import pytest

from services.workorders.dispatching import schemas as d
from services.workorders.dispatching.domain import events as e
from services.workorders.dispatching.domain import rules as r
from services.workorders.orders import schemas as o
from services.workorders.orders.domain.refusals import NotCertified
from shared.errors import Invalid
from shared.testing.scenario import given
from tests.support.order_facts import CHEN
from tests.unit.workorders.desk import Desk, boss, sun, wang


def test_each_change_of_the_rules_is_a_new_edition_and_the_same_again_is_none() -> None:
    mode = r.SetMode(
        by=boss, community="garden", kind="repair", category="lift", mode="grab",
        certificate_required=True,
    )  # fmt: skip
    event = e.DispatchModeSet(
        community="garden", kind="repair", category="lift", mode="grab",
        certificate_required=True, edition=1,
    )  # fmt: skip
    given(r.DISPATCH_RULES).when(mode).then(event)
    given(r.DISPATCH_RULES, event).when(mode).then()
    place = r.PlaceBuilding(by=boss, community="garden", building="b", x=1, y=2)
    assert given(r.DISPATCH_RULES, event).when(place).after().edition == 2


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("category", {"category": "noise"}),
        ("mode", {"mode": "lottery"}),
        ("kind", {"kind": "praise"}),
        ("certificate_required", {"category": "other", "certificate_required": True}),
    ],
    ids=["category", "mode", "kind", "certificate"],
)
def test_a_mode_that_makes_no_sense_is_invalid(field: str, changes: dict[str, Any]) -> None:
    good = {
        "by": boss, "community": "garden", "kind": "repair", "category": "lift",
        "mode": "grab", "certificate_required": False,
    }  # fmt: skip
    given(r.DISPATCH_RULES).when(r.SetMode(**{**good, **changes})).refused(Invalid, fields=[field])


def test_weights_that_are_all_nothing_are_invalid() -> None:
    nothing = e.Weights(skill=0, load=0, distance=0, urgency=0, fairness=0)
    given(r.DISPATCH_RULES).when(
        r.SetWeights(by=boss, community="garden", weights=nothing)
    ).refused(Invalid, fields=["weights"])


def test_only_the_manager_sets_the_rules(desk: Desk) -> None:
    with pytest.raises(r.NotTheManager):
        desk.ask(
            "rulebook", "set_mode", d.SetMode, sun,
            community="garden", kind="repair", category="lift", mode="grab",
        )  # fmt: skip


def test_every_category_has_a_mode_and_it_is_to_be_assigned_unless_set(desk: Desk) -> None:
    desk.mode("grab")
    found = desk.ask("rulebook", "modes", d.OfCommunity, wang, community="garden")
    modes = {(one["kind"], one["category"]): one["mode"] for one in found["modes"]}
    assert modes.pop(("repair", "plumbing")) == "grab"
    assert set(modes.values()) == {"assign"}
    assert len(modes) == 16


def test_a_category_that_takes_a_certificate_is_for_those_who_have_one(desk: Desk) -> None:
    desk.mode("assign", certificate_required=True)
    order = desk.report()
    with pytest.raises(NotCertified):
        desk.ask("orders", "dispatch", o.Dispatch, sun, id=order, technician=CHEN)
