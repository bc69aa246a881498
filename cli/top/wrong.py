"""What somebody should look at, in a line each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cli.top.figures import Figures, HandlerRow

# as the alerts of deploy/prometheus have it
RELAY_SECONDS, FOLLOWER_SECONDS = 30.0, 60.0
ERRORS_SHARE, SLOW_SECONDS, CALLS = 0.0144, 0.5, 1000.0
HUB_SECONDS, SAVES = 0.25, 500.0
# of fewer calls a percentile says nothing
FEW_CALLS = 20
FEW_HANDLERS = 3


def wrong(found: Figures) -> Iterable[str]:
    # What others lean on comes first: it may be why they do not answer.
    for process in sorted(found.processes, key=lambda one: not one.server):
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
    yield from _late(found)
    for handler in found.handlers:
        name = f"{handler.service}.{handler.name}"
        if handler.stopped:
            yield f"{name} has stopped (why: wuye call {handler.service}.ops.views)"
        if handler.parked:
            yield f"{name} has {handler.parked:.0f} events parked (which: wuye parked)"
    for queue, depth in found.queues.items():
        if depth > CALLS:
            yield f"{depth:.0f} calls wait in {queue}"


def _late(found: Figures) -> Iterable[str]:
    """Many of one service are behind for one cause: they are named in the table of handlers."""
    late: dict[str, list[HandlerRow]] = defaultdict(list)
    for handler in found.handlers:
        if handler.late and not handler.stopped:
            late[handler.service].append(handler)
    for service, handlers in late.items():
        most = max(one.seconds for one in handlers)
        if len(handlers) > FEW_HANDLERS:
            yield f"{len(handlers)} handlers of {service} are behind for {most:.0f} s"
        else:
            for one in handlers:
                yield f"{service}.{one.name} is behind for {one.seconds:.0f} s"
