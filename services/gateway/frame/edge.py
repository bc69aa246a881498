"""What the pages of one process work with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import current_app

from services.gateway.frame.counting import Counting
from services.gateway.frame.directory import Directory
from services.gateway.frame.limits import Limit
from services.gateway.sessions.renewals import Renewals
from services.gateway.uploads.store import Photos
from shared.clock import Clock
from shared.identity.keys import ServiceIdentity
from shared.messaging.rpc_client import RpcClient

EXTENSION = "wuye"
NAME = "gateway"


@dataclass(frozen=True)
class DemoPerson:
    """Somebody of a demo community. ``role``: what they are there, which is what one can try."""

    login: str
    name: str
    role: str


@dataclass(frozen=True)
class Demo:
    """Who is offered for log-ins with one click, and the one password of them all."""

    people: tuple[DemoPerson, ...] = ()
    password: str = ""


@dataclass(frozen=True, kw_only=True)
class Edge:
    """``zone`` and ``language`` hold where nothing better is known.

    ``identity``: the edge's own, for what is asked by nobody with a log-in. ``readiness`` tells
    what is not ready and why; ``metrics`` is the page for Prometheus. ``rates``: of the API's
    calls; ``log_ins``: of those from one address.
    """

    rpc: RpcClient
    identity: ServiceIdentity
    clock: Clock
    directory: Directory
    renewals: Renewals
    zone: ZoneInfo
    language: str
    readiness: Callable[[], Mapping[str, str]]
    metrics: Callable[[], bytes]
    counting: Counting
    demo: Demo
    rates: Limit
    log_ins: Limit
    photos: Photos


def edge() -> Edge:
    found: Edge = current_app.extensions[EXTENSION]
    return found
