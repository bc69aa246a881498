"""The headers that tell a browser what these pages never do."""

from __future__ import annotations

from flask import Response

# scripts from files of our own alone, nothing from elsewhere, in nobody's frame (CSP Level 3)
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def harden(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    # Pages hold people's affairs: asked for anew each time, kept by no cache in between.
    response.headers.setdefault("Cache-Control", "private, no-cache")
    return response


def local(path: str | None, otherwise: str) -> str:
    """A path of this site to go on to, never another site."""
    inside = (
        path is not None
        and path.startswith("/")
        and not path.startswith("//")
        and "\\" not in path
        and path.isprintable()
    )
    return path if inside and path is not None else otherwise
