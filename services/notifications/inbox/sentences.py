"""Sentences "when this happened, then tell those people", joined to one policy a followed log.

Joined, they stand at one place in the log: people are told in the order in which things happened,
a page costs one transaction, and a sentence added later tells nobody of the past.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from services.notifications.register.views.people.projection import VIEW as PEOPLE
from shared.following.handlers import Done, Policy, Retry
from shared.following.reader import Reader
from shared.messaging.envelope import Fact

_NAMING = ("accepter", "reporter", "technician", "from_technician", "payer")
Decide = Callable[[Fact, Reader], Done | Retry]


class Sentence(NamedTuple):
    """``decide`` for the events of one type (version 1) in the log ``follows``."""

    follows: str
    type: str
    decide: Decide


def joined(sentences: Iterable[Sentence]) -> tuple[Policy, ...]:
    logs: dict[str, list[Sentence]] = {}
    for each in sentences:
        logs.setdefault(each.follows, []).append(each)
    return tuple(_policy(log, logs[log]) for log in sorted(logs))


def _policy(log: str, sentences: Sequence[Sentence]) -> Policy:
    decides = {each.type: each.decide for each in sentences}
    return Policy(
        name=f"when_{log}_has_news_then_tell_whom_it_concerns",
        follows=log,
        handles=dict.fromkeys(decides, 1),
        decide=lambda fact, reader: decides[fact.type](fact, reader),
        ahead=_look_up_people,
    )


def _look_up_people(facts: Sequence[Fact], reader: Reader) -> None:
    """Those whom the events name, for their languages; dispatchers and others soon repeat."""
    named = (fact.data.get(name) for fact in facts for name in _NAMING)
    reader.look_up(PEOPLE, (person for person in named if person is not None))
