"""One stream's whole story: its own events, and all that belong to it in every log.

Logs are searched by their own services, which look at much and tell little; see
``shared.hosting.log_search``.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Any

import msgspec

from shared.audit.chain import Chain, Event, in_time_order

Envelope = dict[str, Any]
# asks a log: its name and what to search for
Search = Callable[[str, dict[str, Any]], dict[str, Any]]
# told how far the searching of a log has come: log, position, end
Tell = Callable[[str, int, int], None]
MOST_NAMED = 500
# the clocks of two processes differ by less
SKEW = timedelta(minutes=5)


class Story(msgspec.Struct, frozen=True):
    """``events`` in time order. ``unsearched``: the logs that there was no time to search whole."""

    events: list[Event]
    unsearched: list[str]


def gathered(
    search: Search,
    logs: Sequence[str],
    own: Sequence[Event],
    covers: Callable[[Event], bool] = lambda event: True,
    tell: Tell = lambda log, position, end: None,
    *,
    named_before: datetime | None = None,
    seconds: float | None = None,
) -> Story:
    """``logs`` in the order in which they follow one another.

    ``own``: the events of the stream itself, in time order; of several, where they are one story.
    ``named_before``: what names the stream and follows from nothing in it was recorded before.
    ``seconds``: no search is begun any more after so long.
    """
    until = None if seconds is None else time.monotonic() + seconds
    found: dict[str, Event] = {event["id"]: event for event in own}
    chain = Chain(own, covers, named_before)
    # what caused it was recorded before, and by another clock
    since = (datetime.fromisoformat(own[0]["time"]) - SKEW).isoformat()
    unsearched = []
    for log in logs:
        if not _searched(search, log, since, chain, found, tell, until):
            unsearched.append(log)
    return Story(in_time_order(found.values()), unsearched)


def _searched(
    search: Search,
    log: str,
    since: str,
    chain: Chain,
    found: dict[str, Event],
    tell: Tell,
    until: float | None,
) -> bool:
    """Whether all of the log was looked at."""
    candidates: dict[str, Event] = {}
    whole, named = True, sorted(chain.own)
    for links in _links(chain):
        after, done = 0, False
        while not done and (until is None or time.monotonic() < until):
            page = search(log, {"since": since, **links, "named": named, "after": after})
            candidates |= {event["id"]: event for event in page["events"]}
            after, done = page["next"], page["done"]
            tell(log, after, page["head"])
        whole = whole and done
    _take(chain, found, candidates)
    # what was begun here went on by causes of its own
    begun = [stream for stream in chain.streams if any(_of(log, stream, e) for e in found.values())]
    if begun:
        page = search(log, {"subjects": begun[-MOST_NAMED:]})
        candidates |= {event["id"]: event for event in page["events"]}
        _take(chain, found, candidates)
    return whole


def _links(chain: Chain) -> Iterator[dict[str, list[str]]]:
    """What an event may be linked by, as much of it at once as one search takes."""
    nothing: list[str] = []
    both = zip_longest(_parts(chain.correlations), _parts(chain.ids), fillvalue=nothing)
    for correlations, causes in both:
        yield {"correlations": correlations, "causes": causes}


def _parts(names: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(names), MOST_NAMED):
        yield names[start : start + MOST_NAMED]


def _of(log: str, stream: str, event: Event) -> bool:
    return bool(event["log"] == log and event["subject"] == stream)


def _take(chain: Chain, found: dict[str, Event], candidates: dict[str, Event]) -> None:
    for event in sorted(candidates.values(), key=lambda event: event["position"]):
        # an event of the stream itself is known better where it was read with its place in the log
        if event["id"] in found or chain.takes(event):
            found[event["id"]] = event
