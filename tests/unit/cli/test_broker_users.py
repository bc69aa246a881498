"""The broker's users on the stack, against what the services say of themselves."""

from __future__ import annotations

from cli.services import SERVICES
from cli.stack.broker import FOLLOWS


def test_each_user_may_follow_what_its_service_follows() -> None:
    assert {
        one.name: tuple(sorted(set(one.followed()) - {one.name})) for one in SERVICES
    } == FOLLOWS
