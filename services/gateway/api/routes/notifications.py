"""Everybody's inbox."""

from __future__ import annotations

from services.gateway.api.route import Route

ROUTES = (
    Route("GET", "/notifications", "notifications.inbox", "An inbox, the newest first"),
    Route("POST", "/notifications/{id}/mark-read", "notifications.mark_read", "Mark as read"),
    Route("GET", "/push-key", "notifications.push_key", "The key that browsers subscribe with"),
    Route(
        "GET",
        "/push-subscriptions",
        "notifications.push_subscriptions",
        "The browsers that the caller subscribed",
    ),
    Route("POST", "/push-subscriptions", "notifications.subscribe_push", "Subscribe a browser"),
    Route(
        "POST",
        "/push-subscriptions/remove",
        "notifications.unsubscribe_push",
        "Push to it no more",
    ),
)
