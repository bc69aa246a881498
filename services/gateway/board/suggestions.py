"""Who would be sent to what waits, and why, in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from services.gateway.frame import formats
from services.gateway.frame.edge import edge
from services.gateway.sessions.calls import query
from shared.errors import WuyeError

Data = dict[str, Any]
# parts of a score, each from which on it is worth naming, and the words for it
_SPEAKS_FOR: tuple[tuple[str, int, Any], ...] = (
    ("load", 1000, _l("nothing in hand")),
    ("distance", 900, _l("close by")),
    ("skill", 1000, _l("most skilled")),
    ("load", 700, _l("little in hand")),
    ("fairness", 700, _l("got little lately")),
)
_MOST_NAMED = 3
_PASSED_OVER = {
    "not_here": _l("not for this building"),
    "no_skill": _l("without the skill"),
    "not_certified": _l("without a certificate"),
    "off_shift": _l("off duty"),
    "on_leave": _l("on leave"),
    "full": _l("with their hands full"),
    "booked": _l("with a visit then"),
}


class Suggestion(NamedTuple):
    """``technician``: None where nobody could be sent; ``reason`` then says why not."""

    technician: str | None
    name: str
    reason: str


def suggestions(orders: Iterable[str]) -> dict[str, Suggestion]:
    """By order; none where they cannot be had just now: people can be sent without."""
    ids = list(orders)
    if not ids:
        return {}
    try:
        found = query("workorders", "recommend", {"ids": ids})["orders"]
    except WuyeError:
        return {}
    names = edge().directory.names(one["best"]["technician"] for one in found if one["best"])
    return {one["id"]: _suggestion(one, names) for one in found}


def _suggestion(one: Data, names: dict[str, str]) -> Suggestion:
    best = one["best"]
    if best is None:
        return Suggestion(None, "", _why_nobody(one["passed_over"]))
    name = names.get(best["technician"]) or _("a technician")
    return Suggestion(best["technician"], name, _why(best, one["others"], one["skill"]))


def _why(score: Data, others: int, skill: str | None) -> str:
    named: dict[str, str] = {}
    for part, least, words in _SPEAKS_FOR:
        # where work takes no skill, everybody has all of it
        if score[part] >= least and part not in named and (part != "skill" or skill):
            named[part] = str(words)
    reasons = list(named.values())[:_MOST_NAMED]
    if not others:
        return _("the only one who can")
    if not reasons:
        return _("the best of %(count)s", count=formats.number(others + 1))
    return formats.several(reasons)


def _why_nobody(passed_over: dict[str, int]) -> str:
    if not passed_over:
        return _("Nobody can be suggested: there is no technician here.")
    told = [
        _("%(count)s %(why)s", count=formats.number(passed_over[reason]), why=words)
        for reason, words in _PASSED_OVER.items()
        if reason in passed_over
    ]
    return _("Nobody can be suggested: %(why)s.", why=formats.several(told))
