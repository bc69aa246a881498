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
from shared.errors import Invalid

Envelope = dict[str, Any]
# what to search a log for
Question = tuple[str, dict[str, Any]]
# waits for a page; None where it cannot be had now, and typed errors for what else is wrong
Answer = Callable[[], dict[str, Any] | None]
# asks these, as many at the same time as it can
Search = Callable[[Sequence[Question]], Sequence[Answer]]
# told how far the searching of a log has come: log, position, end
Tell = Callable[[str, int, int], None]
# a limit (of time) on what belongs
Covers = Callable[[Event], bool]
# as many ids as one question may hold
MOST_NAMED = 500
# the clocks of two processes differ by less
SKEW = timedelta(minutes=5)


class Story(msgspec.Struct, frozen=True):
    """``events`` in time order. ``unsearched``: the logs that may have more of it, as there was no
    time to search them whole, they did not answer, or no answer holds all that they have.
    """

    events: list[Event]
    unsearched: list[str]


def everything(event: Event) -> bool:
    return True


def unheard(log: str, position: int, end: int) -> None:
    """Nobody is told."""


def gathered(
    search: Search,
    logs: Sequence[str],
    own: Sequence[Event],
    covers: Covers = everything,
    tell: Tell = unheard,
    *,
    named_before: datetime | None = None,
    seconds: float | None = None,
) -> Story:
    """``logs`` in the order in which they follow one another.

    ``own``: the events of the stream itself, in time order; of several, where they are one story.
    ``named_before``: what names the stream and follows from nothing in it was recorded before.
    ``seconds``: no search is begun any more after so long.

    All logs are asked together for what is linked to the stream itself, and then, as often as that
    brings more to ask for, for what is linked to what was found.
    """
    until = None if seconds is None else time.monotonic() + seconds
    # what caused it was recorded before, and by another clock
    since = (datetime.fromisoformat(own[0]["time"]) - SKEW).isoformat()
    looks = [_Look(log, since) for log in logs]
    while True:
        chain = Chain(own, covers, named_before)
        found: dict[str, Event] = {event["id"]: event for event in own}
        for look in looks:
            look.follow(chain, found)
        asked = [(look, question) for look in looks for question in look.waiting]
        if not asked or (until is not None and time.monotonic() >= until):
            break
        answers = search([(look.log, question) for look, question in asked])
        for look in looks:
            look.waiting = []
        for (look, question), answer in zip(asked, answers, strict=True):
            look.hear(question, answer, tell)
    unsearched = [look.log for look in looks if look.failed or look.waiting]
    return Story(in_time_order(found.values()), unsearched)


class _Look:
    """At one log. ``waiting``: what it is to be asked next; ``failed``: it does not tell all."""

    def __init__(self, log: str, since: str) -> None:
        self.log = log
        self.failed = False
        self.waiting: list[dict[str, Any]] = []
        self._since = since
        self._begun = {"begun": True}
        self._again: list[dict[str, Any]] = []
        self._candidates: dict[str, Event] = {}
        self._correlations: set[str] = set()
        self._causes: set[str] = set()
        self._streams: set[str] = set()

    def follow(self, chain: Chain, found: dict[str, Event]) -> None:
        """Take what belongs, by the logs before this one, and see what is to be asked for it."""
        self._ask_for_links(chain)
        self._take(chain, found)
        # what was begun here went on by causes of its own
        begun = {
            stream
            for stream in chain.streams
            if any(_of(self.log, stream, event) for event in found.values())
        }
        for subjects in _parts(sorted(begun - self._streams)):
            self.waiting.append({"subjects": subjects})
        self._streams |= begun
        if self.failed:
            self.waiting = []

    def hear(self, question: dict[str, Any], answer: Answer, tell: Tell) -> None:
        try:
            page = answer()
        except Invalid as error:
            if "begun" not in error.fields or "begun" not in question:
                raise
            # while a platform is renewed, by a service of the release before
            self._begun = {}
            self.waiting.append({name: question[name] for name in question if name != "begun"})
            return
        if page is None:
            # once more, as it may have been busy
            self.failed = self.failed or question in self._again
            self._again.append(question)
            self.waiting.append(question)
            return
        self._candidates |= {event["id"]: event for event in page["events"]}
        self._streams |= set(page.get("begun", ()))
        subjects = question.get("subjects")
        if subjects is None:
            tell(self.log, page["next"], page["head"])
            if not page["done"]:
                self.waiting.append({**question, "after": page["next"]})
        elif not page["done"]:
            # more than one answer holds, and of streams there is none that goes on
            half = len(subjects) // 2
            if not half:
                self.failed = True
                return
            self.waiting += [{"subjects": some} for some in (subjects[:half], subjects[half:])]

    def _ask_for_links(self, chain: Chain) -> None:
        """New causes alone are no news: what follows has its cause's correlation id. What a timer
        sends has one of its own, but as its cause an event of the stream itself, if any: all of
        those are asked for at first.
        """
        correlations = set(chain.correlations) - self._correlations
        if not correlations:
            return
        causes = set(chain.ids) - self._causes
        nothing: list[str] = []
        both = zip_longest(_parts(sorted(correlations)), _parts(sorted(causes)), fillvalue=nothing)
        for some, others in both:
            self.waiting.append(
                {
                    "since": self._since,
                    "correlations": some,
                    "causes": others,
                    "named": [] if self._correlations else sorted(chain.own),
                    "after": 0,
                    **self._begun,
                }
            )
        self._correlations |= correlations
        self._causes |= causes

    def _take(self, chain: Chain, found: dict[str, Event]) -> None:
        for event in sorted(self._candidates.values(), key=lambda event: event["position"]):
            # an event of the stream itself is known better where it was read with its place in
            # the log
            if event["id"] in found or chain.takes(event):
                found[event["id"]] = event


def _parts(names: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(names), MOST_NAMED):
        yield names[start : start + MOST_NAMED]


def _of(log: str, stream: str, event: Event) -> bool:
    return bool(event["log"] == log and event["subject"] == stream)
