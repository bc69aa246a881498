"""What a phone's bar has room for, and what stands behind "More"."""

from __future__ import annotations

import pytest

from services.gateway.frame.navigation import LINKS, at_hand, behind_more, links
from services.gateway.sessions.visitor import Visitor
from shared.identity.caller import Caller, Post


def visitor(*roles: str) -> Visitor:
    posts = tuple(Post(role, "lakeside") for role in roles)
    return Visitor(Caller("lakeside.somebody", posts), "")


def in_the_bar(who: Visitor) -> int:
    """Entries of a phone's bar, as the frame's template shows them."""
    own = 2 + ("technician" in who.roles()) + (not who.leads()) + who.reports()
    return own + at_hand(who) + (len(links(who)) > at_hand(who))


@pytest.mark.parametrize(
    "roles",
    [
        ("resident",),
        ("resident", "committee"),
        ("technician",),
        ("dispatcher",),
        ("supervisor", "technician"),
        ("manager",),
        ("manager", "admin", "auditor", "technician"),
        ("auditor",),
        ("admin",),
        ("guard",),
    ],
)
def test_a_phones_bar_never_has_more_than_it_has_room_for(roles: tuple[str, ...]) -> None:
    who = visitor(*roles)
    assert at_hand(who) >= 0
    assert in_the_bar(who) <= 6


def test_what_has_no_room_is_behind_more_and_the_current_page_shows_there() -> None:
    who = visitor("manager")
    assert 0 < at_hand(who) < len(links(who))
    first, last = links(who)[0], links(who)[-1]
    assert not behind_more(who, first.blueprints[0])
    assert behind_more(who, last.blueprints[0]) and behind_more(who, "frame")
    assert not behind_more(visitor("resident"), "orders")


def test_every_page_of_the_staffs_is_in_the_navigation_once() -> None:
    named = [name for link in LINKS for name in link.blueprints]
    assert len(named) == len(set(named))
