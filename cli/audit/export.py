"""Everything that was recorded in a time, as JSON Lines of envelopes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from cli.audit import logs
from cli.operator import Operator
from shared.audit.gathering import SKEW

# told how far it has come: service, position, end, lines written so far
Tell = Callable[[str, int, int, int], None]


def lines(
    operator: Operator,
    services: Sequence[str],
    since: datetime | None,
    until: datetime | None,
    community: str | None,
    tell: Tell,
) -> Iterator[str]:
    """One line an event: ``since`` <= time recorded < ``until``, each log in its own order.

    Holds one page at a time. A log's end is where it was when its turn came.
    """
    count = 0
    for service in services:
        end = logs.head(operator, service)
        start = logs.position_before(operator, service, since, end) if since is not None else 0
        tell(service, start, end, count)
        for page, reached in logs.envelopes(operator, service, start, end):
            for event in page:
                moment = datetime.fromisoformat(event["time"])
                if (
                    (since is None or since <= moment)
                    and (until is None or moment < until)
                    and community in (None, event["community"])
                ):
                    count += 1
                    yield json.dumps(event, ensure_ascii=False, separators=(",", ":"))
            last = datetime.fromisoformat(page[-1]["time"])
            if until is not None and last >= until + SKEW:
                tell(service, end, end, count)
                break
            tell(service, reached, end, count)
