"""One row a community: its rules as of now."""

from __future__ import annotations

import msgspec

from services.workorders.follow_ups.domain.events import FollowUpRules
from shared.following.view import View
from shared.messaging.envelope import Fact


class Row(msgspec.Struct, frozen=True, kw_only=True):
    key: str
    rules: FollowUpRules
    edition: int


def key(fact: Fact) -> str:
    return fact.community


def evolve(_row: Row | None, fact: Fact) -> Row:
    rules = msgspec.convert(fact.data["rules"], FollowUpRules)
    return Row(key=fact.community, rules=rules, edition=fact.data["edition"])


FOLLOW_UP_RULES = View(
    name="follow_up_rules",
    build=1,
    follows="workorders",
    handles={"FollowUpRulesSet": 1},
    row=Row,
    key=key,
    evolve=evolve,
)
