"""``/api/v1`` as a program with somebody's token uses it."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

import requests
from PIL import Image

from cli.community import COMMUNITY, PASSWORD
from tests.support.edge import Site

LEAK = {
    "community": COMMUNITY,
    "kind": "repair",
    "category": "plumbing",
    "description": "厨房漏水",
}


@dataclass
class Program:
    """One that has somebody's token, or nobody's."""

    site: Site
    token: str | None

    def send(self, verb: str, path: str, body: Any = None, **headers: str) -> requests.Response:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token is not None:
            sent["Authorization"] = f"Bearer {self.token}"
        return requests.request(
            verb, f"{self.site.url}/api/v1{path}", json=body, headers=sent, timeout=30
        )

    def get(self, path: str, **headers: str) -> requests.Response:
        return self.send("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> requests.Response:
        return self.send("POST", path, {} if body is None else body, **headers)

    def submitted(self) -> dict[str, Any]:
        answer = self.post("/orders", LEAK)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def upload(self, content: bytes) -> requests.Response:
        return requests.post(
            f"{self.site.url}/api/v1/photos",
            files={"photo": ("kitchen.gif", content, "text/html")},
            headers={"Authorization": f"Bearer {self.token}"} if self.token else {},
            timeout=30,
        )


def program(site: Site, login: str, password: str = PASSWORD) -> Program:
    return Program(site, site.token(login, password))


def problem(answer: requests.Response, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    found: dict[str, Any] = answer.json()
    assert found["status"] == status
    return found


def photo(colour: str = "red") -> bytes:
    """A JPEG that says where and when it was taken."""
    image, out = Image.new("RGB", (640, 480), colour), io.BytesIO()
    exif = image.getexif()
    exif[0x010E] = "where I live"
    exif.get_ifd(0x8825)[1] = "N"
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()
