"""What makes the site an app: its manifest, and the worker that serves it without a connection.

The worker keeps only pages that say so by a header (``KEPT``): a technician's own work. They go
with the log-out, and as soon as the site asks to log in.
"""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, make_response, render_template
from flask_babel import gettext as _

from services.gateway.frame.assets import asset
from services.gateway.frame.languages import language

KEPT = "Wuye-Keep"
SHEETS = (
    "tokens.css",
    "frame.css",
    "parts.css",
    "forms.css",
    "orders.css",
    "work.css",
    "public.css",
)
SCRIPTS = (
    "vendor/htmx.min.js",
    "scripts/live.js",
    "scripts/photos.js",
    "scripts/signature.js",
    "scripts/drafts.js",
    "scripts/canned.js",
    "scripts/app.js",
    "scripts/queue.js",
    "scripts/push.js",
)
_SIZES = (192, 512)


def kept(response: Response, mark: str) -> Response:
    """Let the reader's device keep this page; ``mark`` changes where it has to be fetched anew."""
    response.headers[KEPT] = mark
    return response


def worker() -> Any:
    """The service worker: new whenever a file that it keeps is."""
    shell = [asset(name) for name in (*SHEETS, *SCRIPTS, "icon.svg", "icons.svg")]
    response = make_response(render_template("frame/worker.js", shell=shell, header=KEPT))
    response.content_type = "text/javascript; charset=utf-8"
    response.headers["Cache-Control"] = "no-cache"
    return response


def manifest() -> Any:
    """W3C Web Application Manifest: what the site is called and looks like once installed."""
    icons: list[dict[str, str]] = [
        {
            "src": asset(f"icons/app-{size}{kind}.png"),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": purpose,
        }
        for size in _SIZES
        for kind, purpose in (("", "any"), ("-maskable", "maskable"))
    ]
    response = jsonify(
        {
            "id": "/",
            "name": _("wuye"),
            "short_name": _("wuye"),
            "description": _("Report what needs repair, and see who takes care of it and when."),
            "lang": language(),
            "start_url": "/",
            "scope": "/",
            "display": "standalone",
            "background_color": "#f5f4f0",
            "theme_color": "#17694f",
            "icons": icons,
        }
    )
    response.content_type = "application/manifest+json"
    return response
