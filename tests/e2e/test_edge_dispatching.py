"""Modes, weights and places of dispatching on their page, and why somebody was sent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.support.asking import ask, order, people
from tests.support.edge import COMMUNITY, RARE, Site, order_number, shows


def test_the_manager_sets_modes_and_weights_and_nobody_else(site: Site) -> None:
    manager = site.person("manager")
    kind, category = RARE
    page = manager.get("/dispatching")
    modes = page.form("/dispatching/modes")
    page = manager.send(modes, **{f"mode.{kind}:{category}": "grab"})
    assert "Saved." in page.text
    rules = ask(site, "manager", "workorders/modes", {"community": COMMUNITY})
    held = {(one["kind"], one["category"]): one["mode"] for one in rules["modes"]}
    assert held[RARE] == "grab" and set(held.values()) >= {"grab", "assign"}

    weights = page.form("/dispatching/weights")
    parts = ("skill", "load", "distance", "urgency", "fairness")
    refused = manager.send(weights, **dict.fromkeys(parts, "0"))
    assert refused.status == 400 and "At least one of them must count" in refused.text
    refused = manager.send(weights, load="much")
    assert refused.form("/dispatching/weights").faults == {"load"}
    assert refused.form("/dispatching/weights").text("load") == "much"
    assert "A whole number from 0 to 100" in manager.send(weights, load="101").text
    assert "Saved." in manager.send(weights, load="31").text

    supervisor = site.person("supervisor")
    look = supervisor.get("/dispatching")
    assert "Automatic" in look.text and "Save the modes" not in look.text
    token = look.form("/dispatching/modes").fields["csrf"]
    assert supervisor.send(weights, csrf=token, command_id="", load="32").status == 403


def test_the_manager_says_where_buildings_stand(site: Site) -> None:
    manager = site.person("manager")
    form = manager.get("/dispatching").form("/dispatching/places")
    one, other = [name for name in form.fields if name.startswith("x.")]
    east, north = one, one.replace("x.", "y.", 1)
    refused = manager.send(form, **{east: "far", north: "20"})
    assert refused.form("/dispatching/places").faults == {east}
    assert "Saved." in manager.send(form, **{east: "-40", north: "20"}).text
    told = ask(site, "manager", "workorders/modes", {"community": COMMUNITY})["buildings"]
    assert told[one.removeprefix("x.")] == {"x": -40, "y": 20}
    assert other.removeprefix("x.") not in told


def test_the_last_automatic_choices_say_why_this_person(site: Site) -> None:
    who = people(site)["Oleg Petrov"]
    start = datetime.now(UTC) - timedelta(minutes=1)
    shift = {"starts": start.isoformat(), "ends": (start + timedelta(hours=9)).isoformat()}
    order(site, "manager", "record_skill", person=who, skill="wall_ceiling")
    planned = order(site, "manager", "plan_shifts", person=who, shifts=[shift])["shifts"]
    mode = {"community": COMMUNITY, "kind": "repair", "category": "wall_ceiling"}
    order(site, "manager", "set_mode", **mode, mode="automatic")
    try:
        number = order_number(site.report(category="wall_ceiling"))
        page = shows(site.person("manager"), "/dispatching", number)
        assert "Oleg Petrov Nobody else could be sent." in page.text
        assert "马师傅: does not have the skill" in page.text
        shown = site.person("dispatcher").get(f"/orders/{COMMUNITY}/{number}")
        assert "Why this person Nobody else could be sent." in shown.text
        assert "Why this person" not in site.person("resident1").get(shown.path).text
    finally:
        order(site, "manager", "set_mode", **mode, mode="assign")
        order(site, "manager", "withdraw_shift", person=who, shift=planned[0])
        order(site, "manager", "withdraw_skill", person=who, skill="wall_ceiling")
