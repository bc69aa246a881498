"""Pages that keep themselves up to date: asked every few seconds whether anything has changed.

A page's ``live`` part asks for the page again and names, in ``If-None-Match``, what it shows; as
long as that holds it is answered with an empty 304. Polling rather than a stream: a stream would
hold one of the edge's threads for every open page.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from flask import request

SECONDS = 5


def asked() -> bool:
    """Whether this is such a question, rather than somebody who comes to the page."""
    return request.headers.get("HX-Request") == "true"


def unchanged(mark: str) -> bool:
    return asked() and mark in request.if_none_match


def mark_of(orders: Iterable[Mapping[str, Any]], *more: Any) -> str:
    """What stands for a list: which orders, each in which version."""
    shown = [[order["id"], order["version"]] for order in orders]
    return hashlib.sha256(json.dumps([shown, more]).encode()).hexdigest()[:16]
