"""Everybody's inbox."""

from __future__ import annotations

from services.gateway.api.route import Route

ROUTES = (
    Route("GET", "/notifications", "notifications.inbox", "An inbox, the newest first"),
    Route("POST", "/notifications/{id}/mark-read", "notifications.mark_read", "Mark as read"),
)
