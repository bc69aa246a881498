"""What somebody should look at, in a line each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from cli.top.sources import BROKER, DATABASE

if TYPE_CHECKING:
    from cli.top.figures import Figures

# as the alerts of deploy/prometheus have it
RELAY_SECONDS, FOLLOWER_SECONDS = 30.0, 60.0
ERRORS_SHARE, SLOW_SECONDS, CALLS = 0.0144, 0.5, 1000.0
HUB_SECONDS, SAVES = 0.25, 500.0
# of fewer calls a percentile says nothing
FEW_CALLS = 20


def wrong(found: Figures) -> Iterable[str]:
    # What others lean on comes first: it may be why they do not answer.
    for process in sorted(
        found.processes, key=lambda one: not one.name.startswith((BROKER, DATABASE))
    ):
        if process.fault is not None:
            yield f"{process.name} does not answer: {process.fault}"
        elif (process.late_seconds or 0.0) > HUB_SECONDS:
            yield f"{process.name} is late at everything ({process.late_seconds:.2f} s)"
    for service in found.services:
        if not service.leads:
            yield f"nobody leads the log of {service.name}"
        if (service.relay_seconds or 0.0) > RELAY_SECONDS:
            yield f"events of {service.name} are not told for {service.relay_seconds:.0f} s"
        if service.errors > ERRORS_SHARE * service.calls:
            share = service.errors / service.calls
            yield f"{service.name} answers with errors ({share:.1%} of its calls)"
        enough = service.calls * found.seconds >= FEW_CALLS
        if enough and (service.p95_seconds or 0.0) > SLOW_SECONDS:
            yield f"{service.name} answers late (95th percentile {service.p95_seconds:.2f} s)"
        if service.waiting_saves > SAVES:
            yield f"{service.name} has {service.waiting_saves:.0f} saves waiting"
        if service.waiting_requests:
            count = f"{service.waiting_requests:.0f} requests"
            yield f"{count} of {service.name} wait for a connection to its database"
    for handler in found.handlers:
        name = f"{handler.service}.{handler.name}"
        if handler.stopped:
            yield f"{name} has stopped (why: wuye call {handler.service}.ops.views)"
        elif handler.seconds > FOLLOWER_SECONDS:
            yield f"{name} is behind for {handler.seconds:.0f} s"
        if handler.parked:
            yield f"{name} has {handler.parked:.0f} events parked (which: wuye parked)"
    for queue, depth in found.queues.items():
        if depth > CALLS:
            yield f"{depth:.0f} calls wait in {queue}"
