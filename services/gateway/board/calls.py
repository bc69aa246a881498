"""Who is calling: a number or a name finds the person, what is open for them, and their homes with
what these owe and what is worth knowing about them.
"""

from __future__ import annotations

import unicodedata
from typing import Any

from flask import Blueprint, render_template, request

from services.gateway.board import hints
from services.gateway.board.pages import shown
from services.gateway.frame.communities import held, holding
from services.gateway.frame.edge import edge
from services.gateway.frame.navigation import BOARD, BOOKS, CALLS
from services.gateway.orders.places import unit_label
from services.gateway.sessions.calls import query
from services.gateway.sessions.visitor import Visitor
from shared.errors import Busy, Forbidden, Invalid, TimedOut, Unavailable

Data = dict[str, Any]
MOST_PEOPLE = 10
MOST_ORDERS = 50
blueprint = Blueprint("calls", __name__, template_folder="templates")


@blueprint.route("/calls", methods=["GET", "POST"])
def index() -> Any:
    """Asked by POST: a phone number has no business in an address."""
    who = holding(CALLS, "This is for those who answer calls.")
    communities = held(who, CALLS)
    given = request.form.get("community", "")
    community = given if given in communities else (communities or [""])[0]
    wanted = request.form.get("wanted", "").strip()[:100]
    people: list[Data] = []
    if wanted:
        people, late = _people(community, wanted)
    else:
        late = False
    return render_template(
        "board/calls.html",
        communities=[edge().directory.community(one) for one in communities],
        community=community,
        wanted=wanted,
        people=_with_orders(who, community, people),
        more=len(people) == MOST_PEOPLE,
        late_now=late,
    )


def _people(community: str, wanted: str) -> tuple[list[Data], bool]:
    if is_number(wanted):
        try:
            found = query("security", "find_person", {"community": community, "phone": wanted})
        except Invalid:
            # more digits than a number has
            return [], False
    else:
        ask = {"community": community, "search": wanted, "limit": MOST_PEOPLE}
        found = query("security", "people", ask)
    return [one for one in found["people"] if not one["forgotten"]][:MOST_PEOPLE], found["behind"]


def is_number(text: str) -> bool:
    """Whether a phone number was typed, and no name."""
    plain = unicodedata.normalize("NFKC", text)
    digits = sum(each.isdecimal() for each in plain)
    return digits >= 3 and all(each.isdecimal() or each in "+- " for each in plain)


def _with_orders(who: Visitor, community: str, people: list[Data]) -> list[Data]:
    """Each with homes in words, and the open orders about them or their homes."""
    if not people:
        return []
    directory = edge().directory
    units = directory.units(community)
    asked = {
        "community": community,
        "people": [one["person"] for one in people],
        "units": sorted({home["unit"] for one in people for home in one["homes"]}),
        "limit": MOST_ORDERS,
    }
    orders = _open_orders(who, asked)
    owed = _owed(who, community, asked["units"])
    known = hints.of_units(community, asked["units"], units)
    names = directory.names(order["technician"] for order in orders or [])
    now = edge().clock.now()
    told = []
    for one in people:
        homes = [home for home in one["homes"] if home["community"] == community]
        own = {home["unit"] for home in homes}
        told.append(
            {
                **one,
                "homes": [
                    {
                        **home,
                        "label": unit_label(unit.building_name, unit.code),
                        "owed": None if owed is None else owed.get(home["unit"], 0),
                        "hints": known.get(home["unit"], []),
                    }
                    for home in homes
                    if (unit := units.get(home["unit"])) is not None
                ],
                "roles": list(dict.fromkeys(post["role"] for post in one["posts"])),
                "orders": None
                if orders is None
                else [
                    shown(order, names, now)
                    for order in orders
                    if order["unit"] in own
                    or one["person"] in (order["reporter"], order["accepter"])
                ],
            }
        )
    return told


def _open_orders(who: Visitor, asked: Data) -> list[Data] | None:
    """None where they cannot be had now: who it is, is worth showing without. None are told to
    those whom the board is not for.
    """
    if BOARD.isdisjoint(who.caller.roles(asked["community"])):
        return []
    try:
        lanes = query("workorders", "board", asked)["lanes"]
    except (Busy, Forbidden, TimedOut, Unavailable):
        return None
    found = [order for lane in lanes for order in lane["orders"]]
    return sorted(found, key=lambda order: str(order["submitted_at"]))


def _owed(who: Visitor, community: str, units: list[str]) -> dict[str, int] | None:
    """What each home owes, in fen; None where it is not for the caller, or cannot be had now."""
    if not units or BOOKS.isdisjoint(who.caller.roles(community)):
        return None
    try:
        found = query("billing", "arrears", {"community": community, "units": units})["units"]
    except (Busy, Forbidden, TimedOut, Unavailable):
        return None
    return {one["unit"]: one["outstanding_fen"] for one in found}
