"""Suggestions, questions and praise."""

from __future__ import annotations

from services.gateway.api.route import Route

_COMMUNITY, _INQUIRY = "/communities/{community}", "/inquiries/{id}"

ROUTES = (
    Route(
        "GET", "/inquiries", "workorders.inquiries", "Inquiries the caller may see, newest first"
    ),
    Route(
        "POST",
        "/inquiries",
        "workorders.submit_inquiry",
        "Suggest, ask or praise",
        creates=_INQUIRY,
    ),
    Route("GET", _INQUIRY, "workorders.inquiry", "One inquiry", without=("number", "community")),
    Route(
        "GET",
        f"{_COMMUNITY}/inquiries/{{number}}",
        "workorders.inquiry",
        "One inquiry, by its number",
        without=("id",),
    ),
    Route("POST", f"{_INQUIRY}/answer", "workorders.answer_inquiry", "Answer it"),
    Route("POST", f"{_INQUIRY}/convert", "workorders.convert_inquiry", "Make a work order of it"),
    Route(
        "POST",
        f"{_INQUIRY}/escalate",
        "workorders.escalate_inquiry",
        "Tell superiors that it is overdue (services alone)",
    ),
    Route(
        "GET",
        f"{_COMMUNITY}/answer-deadlines",
        "workorders.answer_deadlines",
        "Within how many hours inquiries are answered",
    ),
    Route(
        "POST",
        f"{_COMMUNITY}/answer-deadlines",
        "workorders.set_answer_deadlines",
        "Set within how many hours inquiries are answered",
    ),
)
