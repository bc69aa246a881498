"""Stock nameko services, nothing of ours in them but the errors they raise and the broker's scheme.

``python stock.py URL rpc`` or ``python stock.py URL events``: prints READY, then a JSON line an
event.
"""

from __future__ import annotations

import eventlet

if __name__ == "__main__":
    eventlet.monkey_patch()

import json
import sys
from typing import Any

from nameko.events import event_handler
from nameko.extensions import DependencyProvider
from nameko.rpc import rpc
from nameko.runners import ServiceRunner

from shared.errors import Refused


class NotYetAccepted(Refused):
    pass


class ContextData(DependencyProvider):
    def get_dependency(self, worker_ctx: Any) -> dict[str, Any]:
        return dict(worker_ctx.context_data)


class Answering:
    name = "answering"
    context = ContextData()

    @rpc
    def echo(self, request: dict[str, Any]) -> dict[str, Any]:
        return request

    @rpc
    def seen(self, request: dict[str, Any]) -> dict[str, Any]:
        return self.context

    @rpc
    def slow(self, request: dict[str, Any]) -> dict[str, Any]:
        eventlet.sleep(request["seconds"])
        return request

    @rpc
    def refuse(self, request: dict[str, Any]) -> None:
        raise NotYetAccepted("还没有验收 not yet", allowed=["accept", "reject"])

    @rpc
    def fail(self, request: dict[str, Any]) -> None:
        raise ValueError("the password is 123456")

    @rpc
    def nothing(self) -> None:
        pass


class Listening:
    name = "listening"

    @event_handler("workorders", "WorkOrderRated")
    def rated(self, body: dict[str, Any]) -> None:
        print("EVENT", json.dumps(body), flush=True)


def start(url: str, *services: type, max_workers: int = 64) -> ServiceRunner:
    runner = ServiceRunner({"AMQP_URI": url, "max_workers": max_workers})
    for service in services:
        runner.add_service(service)
    runner.start()
    return runner


if __name__ == "__main__":
    running = start(sys.argv[1], {"rpc": Answering, "events": Listening}[sys.argv[2]])
    print("READY", flush=True)
    running.wait()
