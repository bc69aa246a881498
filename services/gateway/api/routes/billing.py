"""Bills."""

from __future__ import annotations

from services.gateway.api.route import Route

ROUTES = (
    Route("GET", "/bills", "billing.list", "Bills the caller may see, the newest first"),
    Route(
        "GET",
        "/bills/{id}",
        "billing.get",
        "One bill, with its payments",
        without=("number", "community"),
    ),
    Route(
        "GET",
        "/communities/{community}/bills/{number}",
        "billing.get",
        "One bill, by its number",
        without=("id",),
    ),
    Route("GET", "/communities/{community}/arrears", "billing.arrears", "What is owed, by unit"),
    Route("POST", "/bills/{id}/pay", "billing.pay", "Book a payment"),
    Route("POST", "/bills/{id}/void", "billing.void", "Let go of what is unpaid"),
)
