"""A community's rules of following up: set by its manager, one stream a community."""

from __future__ import annotations

from hashlib import sha256
from typing import Any
from uuid import UUID, uuid5

from msgspec import Struct

from services.workorders.follow_ups.domain.events import FollowUpRules, FollowUpRulesSet, Reason
from services.workorders.orders.domain.values import whole
from shared.errors import Forbidden
from shared.eventlog.decider import Decider
from shared.eventlog.records import Meta
from shared.identity.caller import Caller

_NAMESPACE = UUID("7c6d0f7a-57d5-5b61-8f5e-5f3c8a6f0b3e")


def rules_id(community: str) -> str:
    return f"{community}.{uuid5(_NAMESPACE, community)}"


class NotTheManager(Forbidden):
    """Only a manager of the community sets what is followed up."""


class Rules(Struct, frozen=True, kw_only=True):
    """Edition 0: nobody set any, so nothing is followed up."""

    edition: int = 0
    rules: FollowUpRules = FollowUpRules()


class SetRules(Struct, frozen=True, kw_only=True):
    by: Caller
    community: str
    rules: FollowUpRules


def decide(command: SetRules, state: Rules, _meta: Meta) -> list[FollowUpRulesSet]:
    """Setting again what is set adds nothing."""
    if not command.by.has("manager", command.community):
        raise NotTheManager("Only a manager of the community sets what is followed up.")
    rules = command.rules
    whole(rules.low_stars, 0, 5, "low_stars")
    whole(rules.percent, 0, 100, "percent")
    whole(rules.within_hours, 1, 720, "within_hours")
    if state.edition and rules == state.rules:
        return []
    return [FollowUpRulesSet(community=command.community, rules=rules, edition=state.edition + 1)]


def evolve(_state: Rules, event: Any, _meta: Meta) -> Rules:
    return Rules(edition=event.edition, rules=event.rules)


FOLLOW_UP_RULES = Decider("follow_up_rules", Rules, decide, evolve)


def on_acceptance(rules: FollowUpRules, event_id: str, *, checked: bool) -> Reason | None:
    """Why an acceptance is followed up, if it is; the same for the same event, however often."""
    if checked:
        return "checked" if rules.checked else None
    drawn = int.from_bytes(sha256(event_id.encode()).digest()[:8]) % 100
    return "sampled" if drawn < rules.percent else None
