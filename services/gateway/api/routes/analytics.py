"""Figures."""

from __future__ import annotations

from services.gateway.api.route import Route

ROUTES = (
    Route("GET", "/figures/satisfaction", "analytics.satisfaction", "How content people are"),
    Route("GET", "/figures/efficiency", "analytics.efficiency", "How fast and well work is done"),
)
