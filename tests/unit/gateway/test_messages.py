"""What a service refuses is told in a sentence of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cli.services import SERVICES
from services.gateway.frame.messages import told
from shared.errors import Refused

# No form leads to these: services say them to each other and to who calls by RPC.
NOT_ON_PAGES = {
    "BillExists", "InquiryExists", "NotDueYet", "NothingToFollow", "OrderRefused", "PushIsOff",
}  # fmt: skip


def _kinds(cls: type[Refused]) -> Iterator[type[Refused]]:
    for one in cls.__subclasses__():
        yield one
        yield from _kinds(one)


def _refusals() -> list[type[Refused]]:
    assert SERVICES, "importing them is what defines the refusals"
    return sorted(
        {one for one in _kinds(Refused) if one.__module__.startswith("services.")},
        key=lambda one: one.__name__,
    )


@pytest.mark.parametrize("kind", _refusals(), ids=lambda kind: str(kind.__name__))
def test_every_refusal_has_words_of_its_own(kind: type[Refused], language: str) -> None:
    usual = told(Refused("no"))
    found = told(kind("no"))
    assert (found == usual) is (kind.__name__ in NOT_ON_PAGES), found
