"""Staff, how orders find their technician, and what is looked at before."""

from __future__ import annotations

from services.gateway.api.route import Route

_COMMUNITY, _ORDER, _PERSON = "/communities/{community}", "/orders/{id}", "/people/{person}"


def _workorders(verb: str, path: str, method: str, summary: str) -> Route:
    return Route(verb, path, f"workorders.{method}", summary)


ROUTES = (
    _workorders("GET", f"{_COMMUNITY}/pool", "pool", "Orders the caller may take themselves"),
    _workorders("POST", f"{_ORDER}/grab", "grab", "Take an order from the pool"),
    _workorders(
        "GET", f"{_ORDER}/candidates", "candidates", "Who could be sent, and why others not"
    ),
    _workorders("GET", f"{_COMMUNITY}/dispatch-rules", "modes", "How orders are dispatched"),
    _workorders("POST", "/recommendations", "recommend", "Who would be sent to each of these"),
    _workorders(
        "POST", f"{_COMMUNITY}/dispatch-modes", "set_mode", "Set how a category is dispatched"
    ),
    _workorders(
        "POST", f"{_COMMUNITY}/dispatch-weights", "set_weights", "Set what counts how much"
    ),
    _workorders("POST", "/buildings/{building}/place", "place_building", "Set where a building is"),
    _workorders("GET", f"{_COMMUNITY}/fairness", "fairness", "How evenly work is given"),
    _workorders(
        "POST", f"{_COMMUNITY}/dispatch-rounds", "hold_round", "Dispatch at once what waits"
    ),
    _workorders("GET", f"{_COMMUNITY}/dispatch-decisions", "decisions", "Whom rounds sent, why"),
    _workorders("GET", f"{_PERSON}/staff-record", "staff_record", "Skills, shifts and leave"),
    _workorders("POST", f"{_PERSON}/skills", "record_skill", "Record a skill"),
    _workorders(
        "POST", f"{_PERSON}/skills/{{skill}}/withdraw", "withdraw_skill", "Withdraw a skill"
    ),
    _workorders("POST", f"{_PERSON}/certificates", "record_certificate", "Record a certificate"),
    _workorders(
        "POST",
        f"{_PERSON}/certificates/{{certificate}}/withdraw",
        "withdraw_certificate",
        "Withdraw a certificate",
    ),
    _workorders("POST", f"{_PERSON}/shifts", "plan_shifts", "Plan shifts, all or none"),
    _workorders(
        "POST", f"{_PERSON}/shifts/{{shift}}/withdraw", "withdraw_shift", "Withdraw a shift"
    ),
    _workorders("POST", f"{_PERSON}/leave", "grant_leave", "Grant leave"),
    _workorders(
        "POST", f"{_PERSON}/leave/{{leave}}/withdraw", "withdraw_leave", "Withdraw a leave"
    ),
    _workorders("GET", f"{_COMMUNITY}/on-shift", "on_shift", "Technicians on shift"),
    _workorders("GET", f"{_COMMUNITY}/roster", "roster", "The staff with their shifts and leave"),
    _workorders("POST", f"{_COMMUNITY}/suggestions", "suggest", "What a report is likely about"),
    _workorders("GET", f"{_ORDER}/duplicates", "duplicates", "Orders likely about the same"),
    _workorders("GET", "/followed-orders", "followed", "What the caller follows"),
    _workorders("POST", f"{_ORDER}/follow", "follow", "Follow an order"),
    _workorders("POST", f"{_ORDER}/unfollow", "unfollow", "Follow it no more"),
    _workorders("GET", f"{_COMMUNITY}/incidents", "incidents", "Incidents, open or all"),
    _workorders("GET", "/incidents/{id}", "incident", "One incident and what is linked to it"),
    _workorders("POST", f"{_COMMUNITY}/incidents", "open_incident", "Announce an incident"),
    _workorders("POST", "/incidents/{id}/answer", "answer_incident", "Say how it stands"),
    _workorders("POST", "/incidents/{id}/close", "close_incident", "Say that it is over"),
)
