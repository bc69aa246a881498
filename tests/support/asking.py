"""Asking services through the site as one of its people, beside the pages."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from tests.support.edge import COMMUNITY, Site


def ask(site: Site, login: str, path: str, request: dict[str, Any]) -> dict[str, Any]:
    """``path``: service and method, as in ``analytics/efficiency``."""
    return _post(site, path, request, site.token(login))


def order(site: Site, login: str, method: str, /, **request: Any) -> dict[str, Any]:
    """A command to ``workorders``; it must be taken."""
    found = ask(site, login, f"workorders/{method}", {"command_id": str(uuid4()), **request})
    assert "code" not in found, found
    return found


def people(site: Site) -> dict[str, str]:
    """The demo community's, by name."""
    found = ask(site, "manager", "security/people", {"community": COMMUNITY, "limit": 100})
    return {one["name"]: one["person"] for one in found["people"]}


def _post(site: Site, path: str, request: dict[str, Any], token: str) -> dict[str, Any]:
    answer = site.browser().session.post(
        f"{site.url}/rpc/{path}",
        json=request,
        headers={"Authorization": f"Bearer {token}"},
        timeout=20,
    )
    found: dict[str, Any] = answer.json()
    return found
