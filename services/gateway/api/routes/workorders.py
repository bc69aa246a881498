"""Repairs and complaints."""

from __future__ import annotations

from services.gateway.api.route import Route

_ORDER = "/orders/{id}"
_COMMUNITY = "/communities/{community}"


def _act(method: str, summary: str) -> Route:
    path = f"{_ORDER}/{method.replace('_', '-')}"
    return Route("POST", path, f"workorders.{method}", summary)


ROUTES = (
    Route("GET", "/orders", "workorders.list", "Orders the caller may see, the newest first"),
    Route("POST", "/orders", "workorders.submit", "Report a repair or complain", creates=_ORDER),
    Route("GET", _ORDER, "workorders.get", "One order", without=("number", "community")),
    Route(
        "GET",
        f"{_COMMUNITY}/orders/{{number}}",
        "workorders.get",
        "One order, by its number",
        without=("id",),
    ),
    Route(
        "GET",
        f"{_ORDER}/history",
        "workorders.history",
        "Every event of an order, the oldest first",
        without=("number", "community"),
    ),
    _act("dispatch", "Send a technician"),
    _act("prioritise", "Say how urgent it is"),
    _act("start", "Begin the work"),
    _act("pause", "Pause the work"),
    _act("resume", "Go on with the work"),
    _act("defer", "Put the work off to a date"),
    _act("hand_back", "Give the order back to the dispatcher"),
    _act("transfer", "Give the order to another technician"),
    _act("repair", "Say that it is repaired"),
    _act("accept", "Accept the repair"),
    _act("reject", "Say that it is not fixed"),
    _act("decline", "Decline the order"),
    Route(
        "POST",
        f"{_ORDER}/report-again",
        "workorders.report_again",
        "Report anew what was accepted and did not last",
        creates=_ORDER,
    ),
    _act("add_sub_order", "Add a part that takes another trade"),
    _act("merge", "Say that it is about the same as another order"),
    _act("unmerge", "Take that back"),
    Route("GET", f"{_ORDER}/links", "workorders.links", "What an order is tied to"),
    _act("appeal", "Object to its having been declined"),
    _act("rate", "Rate the repair"),
    _act("answer_rating", "Say something to its rating"),
    _act("cancel", "Take the report back"),
    _act("reopen", "Open it again, after it was accepted"),
    _act("quote", "Put a quote, or a revised one"),
    _act("accept_quote", "Accept a quote"),
    _act("decline_quote", "Decline a quote"),
    _act("accept_quote_for", "Take down that the resident accepts a quote"),
    _act("decline_quote_for", "Take down that the resident declines a quote"),
    _act("confirm_quote_answer", "Say that one did say what was taken down"),
    _act("object_to_quote_answer", "Say that one did not say what was taken down"),
    Route("GET", "/quotes", "workorders.quotes", "The quotes that wait for the caller's answer"),
    _act("withdraw_quote", "Take a quote back"),
    _act("lapse_quote", "Record that nobody answered a quote in time (services alone)"),
    _act("offer_visits", "Offer times for a visit"),
    _act("choose_visit", "Choose one of the times on offer"),
    _act("move_visit", "Move the visit that is agreed"),
    _act("cancel_visit", "Call off the visit that is agreed"),
    _act("miss_visit", "Say that nobody was there"),
    _act("remind_visit", "Remind both sides of the visit (services alone)"),
    _act("remind", "Remind its accepter (services alone)"),
    _act("request_check", "Have staff check what its accepter does not answer (services alone)"),
    Route(
        "GET",
        f"{_ORDER}/sla",
        "workorders.sla",
        "By when an order must be done, and what stopped the clock",
        without=("number", "community"),
    ),
    Route("GET", "/board", "workorders.board", "What is open by how far it is, the oldest first"),
    Route("GET", "/loads", "workorders.loads", "What each technician has in hand"),
    _act("escalate", "Tell whom the ladder names next (services alone)"),
    Route(
        "GET",
        f"{_COMMUNITY}/service-levels",
        "workorders.service_levels",
        "What is promised in a community",
    ),
    Route(
        "POST",
        f"{_COMMUNITY}/service-levels/missing-holidays",
        "workorders.warn_of_missing_holidays",
        "Warn of years without public holidays (services alone)",
    ),
    Route(
        "POST",
        f"{_COMMUNITY}/service-levels/preview",
        "workorders.preview_levels",
        "When an order would be due by what is not set yet",
    ),
    Route(
        "GET",
        f"{_COMMUNITY}/orders-at-risk",
        "workorders.at_risk",
        "Orders that run out of the promised time, or have",
    ),
    Route("POST", f"{_COMMUNITY}/service-calendar", "workorders.set_calendar", "Set working hours"),
    Route("POST", f"{_COMMUNITY}/service-targets", "workorders.set_targets", "Set the promises"),
    Route(
        "POST",
        f"{_COMMUNITY}/escalation-ladders",
        "workorders.set_ladders",
        "Set who is told when time runs out",
    ),
    Route(
        "POST",
        "/imported-orders",
        "workorders.import_order",
        "Take over an order of another system (services alone)",
        creates=_ORDER,
    ),
    Route(
        "POST",
        "/order-batches",
        "workorders.batch",
        "Many commands in one call, each with its own token and outcome",
    ),
)
