"""The words for the codes that events hold, by the field that holds them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from services.gateway.dispatching.reasons import MODES
from services.gateway.follow_ups.words import REASONS as FOLLOW_UP_REASONS
from services.gateway.frame import words
from services.gateway.works.pages import UNSUITABLE

_ACTIVITIES = {
    "waiting": _l("Waiting"),
    "working": _l("Being worked on"),
    "paused": _l("Paused"),
}
_KINDS = {**words.KINDS, **words.INQUIRY_KINDS}
# of several kinds of events: those that more than one has mean the same in each
_REASONS = {
    **UNSUITABLE,
    **words.PAUSE_REASONS,
    **words.DECLINE_REASONS,
    **FOLLOW_UP_REASONS,
    "gone": _l("The device is not there any more"),
    "person": _l("Switched off by the person"),
    "replaced": _l("Replaced by a newer one"),
}
_OUTCOMES = {
    "reached": _l("Somebody reached"),
    "not_reached": _l("Nobody reached"),
    "delivered": _l("Delivered"),
    "expired": _l("Too late to be sent"),
    "gone": _l("The device is not there any more"),
    "refused": _l("Refused by the device's service"),
}
CODES: dict[str, Mapping[str, Any]] = {
    "kind": _KINDS,
    "channel": words.CHANNELS,
    "role": words.ROLES,
    "activity": _ACTIVITIES,
    "reason": _REASONS,
    "outcome": _OUTCOMES,
    "payer": {code: each.staff for code, each in words.PAYERS.items()},
    "answer": words.QUOTE_STATES,
    "method": words.PAYMENTS,
    "priority": words.PRIORITIES,
    "from_priority": words.PRIORITIES,
    "target": {code: each.staff for code, each in words.TARGETS.items()},
    "mode": {code: each.label for code, each in MODES.items()},
    "skill": words.CATEGORIES["repair"],
    "level": {str(level): label for level, label in words.SKILL_LEVELS.items()},
}
