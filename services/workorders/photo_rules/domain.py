"""The photo rules of a community: set by its manager, one stream a community."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid5

from msgspec import Struct

from services.workorders.orders.domain.categories import CATEGORIES
from services.workorders.orders.domain.values import one_of
from services.workorders.orders.domain.vocabulary import KINDS, Kind
from shared.errors import Forbidden
from shared.eventlog.decider import Decider
from shared.eventlog.records import Meta
from shared.identity.caller import Caller

_NAMESPACE = UUID("61c9f0b2-7d25-5d0e-8c9b-0a7f3e6d2b48")


@lru_cache(maxsize=4096)
def photo_rules_id(community: str) -> str:
    """The stream of a community's photo rules."""
    return f"{community}.{uuid5(_NAMESPACE, community)}"


class PhotoRuleSet(Struct, frozen=True, kw_only=True):
    """Whether work of this category is reported as done only with photos ``before``, ``after``."""

    community: str
    kind: Kind
    category: str
    before: bool
    after: bool


EVENTS: dict[str, tuple[int, type]] = {"PhotoRuleSet": (1, PhotoRuleSet)}
UPCASTERS: dict[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {}


class NotItsManager(Forbidden):
    """Only a manager of the community sets which photos its work takes."""


class PhotoRules(Struct, frozen=True, kw_only=True):
    """Those that take any, sorted."""

    rules: tuple[PhotoRuleSet, ...] = ()

    def needed(self, kind: str, category: str) -> tuple[str, ...]:
        """The fields of a report of the work that may not be empty."""
        for one in self.rules:
            if (one.kind, one.category) == (kind, category):
                fields = (("photos_before", one.before), ("photos", one.after))
                return tuple(name for name, needed in fields if needed)
        return ()


class SetPhotoRule(Struct, frozen=True, kw_only=True):
    by: Caller
    community: str
    kind: str
    category: str
    before: bool
    after: bool


def decide(command: SetPhotoRule, state: PhotoRules, _meta: Meta) -> list[PhotoRuleSet]:
    """Setting again what is set adds nothing."""
    if not command.by.has("manager", command.community):
        raise NotItsManager("Only a manager of the community sets which photos its work takes.")
    kind = one_of(command.kind, KINDS, "kind")
    category = one_of(command.category, CATEGORIES[kind], "category")
    wanted = PhotoRuleSet(
        community=command.community,
        kind=kind,
        category=category,
        before=command.before,
        after=command.after,
    )
    needed = state.needed(kind, category)
    same = ("photos_before" in needed, "photos" in needed) == (command.before, command.after)
    return [] if same else [wanted]


def evolve(state: PhotoRules, event: Any, _meta: Meta) -> PhotoRules:
    others = [
        one for one in state.rules if (one.kind, one.category) != (event.kind, event.category)
    ]
    known = [*others, event] if event.before or event.after else others
    return PhotoRules(rules=tuple(sorted(known, key=lambda one: (one.kind, one.category))))


PHOTO_RULES = Decider("photo_rules", PhotoRules, decide, evolve)
