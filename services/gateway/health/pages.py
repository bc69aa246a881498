"""``/healthz``, ``/readyz`` and ``/metrics``."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from prometheus_client import CONTENT_TYPE_LATEST

from services.gateway.frame.edge import edge

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """The process turns. The broker is not asked: its absence is no reason to be started anew."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
def readyz() -> tuple[Response, int]:
    """Whether requests should come here, and what is missing where not."""
    missing = dict(edge().readiness())
    status = "not ready" if missing else "ok"
    return jsonify(status=status, missing=missing), 503 if missing else 200


@blueprint.get("/metrics")
def metrics() -> Response:
    return Response(edge().metrics(), content_type=CONTENT_TYPE_LATEST)
