"""What comes after the work, and what is said about it: follow-ups, comments, canned answers."""

from __future__ import annotations

from services.gateway.api.route import Route

_COMMUNITY, _ORDER = "/communities/{community}", "/orders/{id}"


def _workorders(verb: str, path: str, method: str, summary: str) -> Route:
    return Route(verb, path, f"workorders.{method}", summary)


ROUTES = (
    _workorders("GET", f"{_ORDER}/comments", "comments", "What was said about an order"),
    _workorders("POST", f"{_ORDER}/comments", "comment", "Say something about an order"),
    _workorders("GET", "/follow-ups", "follow_ups", "Follow-ups that are due, or were made"),
    _workorders("GET", f"{_ORDER}/follow-ups", "order_follow_ups", "The follow-ups of an order"),
    _workorders("POST", f"{_ORDER}/follow-ups", "record_follow_up", "Say what a follow-up gave"),
    _workorders("GET", f"{_COMMUNITY}/follow-up-rules", "follow_up_rules", "What is followed up"),
    _workorders(
        "POST", f"{_COMMUNITY}/follow-up-rules", "set_follow_up_rules", "Set what is followed up"
    ),
    _workorders("GET", f"{_COMMUNITY}/photo-rules", "photo_rules", "Which work takes photos"),
    _workorders("POST", f"{_COMMUNITY}/photo-rules", "set_photo_rule", "Set whether it does"),
    _workorders(
        "GET", f"{_COMMUNITY}/canned-answers", "canned_answers", "Words kept ready for an order"
    ),
    _workorders("POST", f"{_COMMUNITY}/canned-answers", "keep_canned_answer", "Keep words ready"),
    _workorders(
        "POST",
        f"{_COMMUNITY}/withdrawn-canned-answers",
        "withdraw_canned_answer",
        "Withdraw words kept ready",
    ),
)
