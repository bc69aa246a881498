"""When an order would be due by what is not set yet, beside what holds now."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from services.gateway.frame import moments, words
from services.gateway.frame.forms import Form
from services.gateway.levels.targets import length
from services.gateway.sessions.calls import query

Data = dict[str, Any]
OTHER = "repair:other"


def tried(form: Form, community: str, zone: ZoneInfo, **proposed: Any) -> Data:
    """``{"at", "for", "calendar", "rows"}``: by priority and target, what would be due and what is.

    Raises the errors of setting it.
    """
    at = form.text("try_at").strip()
    kind, _colon, category = (form.text("try_for") or OTHER).partition(":")
    asked: Data = {"community": community, "kind": kind, "category": category}
    if at:
        asked["at"] = moments.moment(at, zone, "try_at")
    given = {name: value for name, value in proposed.items() if value is not None}
    new = query("workorders", "preview_levels", {**asked, **given})
    # the same moment for both
    present = query("workorders", "preview_levels", {**asked, "at": new["at"]})
    return {
        "at": new["at"],
        "what": words.category(kind, category),
        "calendar": new["calendar"],
        "targets": [target for target in words.TARGETS if _named(new["promises"], target)],
        "rows": [
            (str(label), [_cell(new, present, priority, target) for target in words.TARGETS
                          if _named(new["promises"], target)])
            for priority, label in words.PRIORITIES.items()
        ],
    }  # fmt: skip


def _named(promises: Iterable[Data], target: str) -> bool:
    return any(one["target"] == target for one in promises)


def _cell(new: Data, present: Data, priority: str, target: str) -> Data:
    now, before = _promise(new, priority, target), _promise(present, priority, target)
    return {
        "due": now["due"] if now else None,
        "length": length(now) if now else None,
        "before": before["due"] if before and before["due"] else None,
        "changed": (now and now["due"]) != (before and before["due"]),
    }


def _promise(found: Data, priority: str, target: str) -> Data | None:
    return next(
        (
            one
            for one in found["promises"]
            if (one["priority"], one["target"]) == (priority, target)
        ),
        None,
    )
