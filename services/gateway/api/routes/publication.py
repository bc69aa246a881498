"""The public work board, and which photos belong to anything."""

from __future__ import annotations

from services.gateway.api.route import Route

_COMMUNITY = "/communities/{community}"
_ORDER = "/orders/{id}"

ROUTES = (
    Route("GET", "/public-boards", "workorders.public_boards", "Communities with a public board"),
    Route(
        "GET",
        f"{_COMMUNITY}/public-works",
        "workorders.public_works",
        "Finished works for everybody to see, the newest first",
    ),
    Route(
        "GET",
        f"{_COMMUNITY}/public-works/{{number}}",
        "workorders.public_work",
        "One of them",
    ),
    Route(
        "POST",
        f"{_COMMUNITY}/public-board",
        "workorders.set_public_board",
        "Open or close a community's public board",
    ),
    Route(
        "GET",
        f"{_COMMUNITY}/published-works",
        "workorders.published",
        "What was published, hidden works too, for those who dispatch there",
    ),
    Route("POST", f"{_ORDER}/publish", "workorders.publish", "Publish a finished repair"),
    Route(
        "POST",
        f"{_ORDER}/flag-published",
        "workorders.flag_published",
        "Call what was published unsuitable",
    ),
    Route(
        "POST",
        f"{_ORDER}/hide-published",
        "workorders.hide_published",
        "Hide it from the public",
    ),
    Route(
        "POST",
        f"{_ORDER}/restore-published",
        "workorders.restore_published",
        "Find it fit, and show it again",
    ),
    Route(
        "GET",
        "/attached-photos",
        "workorders.attached_photos",
        "Which photos belong to anything (services alone)",
    ),
)
