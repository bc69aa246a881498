"""One row a person with a phone: a mark of the number, to find just that number again."""

from __future__ import annotations

import unicodedata
from typing import Annotated

import msgspec

from shared.following.view import View
from shared.messaging.envelope import Fact
from shared.privacy.personal import Marked


class Row(msgspec.Struct, frozen=True, kw_only=True):
    key: str
    community: str
    phone: Annotated[str | None, Marked()]


def key(fact: Fact) -> str | None:
    return str(fact.data["person"])


def evolve(_row: Row | None, fact: Fact) -> Row | None:
    """Whoever was forgotten, or has no phone, has no row."""
    number = plain(fact.data.get("phone") or "")
    if not number:
        return None
    return Row(key=fact.data["person"], community=fact.community, phone=number)


def plain(phone: str) -> str:
    """The digits alone, in one script and without the country's prefix (ITU-T E.164: 86)."""
    digits = "".join(each for each in unicodedata.normalize("NFKC", phone) if each.isdecimal())
    for prefix in ("0086", "86"):
        # a number within the country has 11 digits where it is a mobile one
        if digits.startswith(prefix) and len(digits) == len(prefix) + 11:
            return digits.removeprefix(prefix)
    return digits


VIEW = View(
    name="phones",
    build=1,
    follows="security",
    handles={"PersonRegistered": 1, "PersonForgotten": 1},
    row=Row,
    key=key,
    evolve=evolve,
    indexes=(("phone",),),
)
