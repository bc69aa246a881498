"""The two kinds of handlers that follow a log: views (pure folds into rows) and policies (event,
then command).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shared.eventlog.decider import Decider
from shared.following.reader import Reader
from shared.following.view import View
from shared.messaging.envelope import Fact


@dataclass(frozen=True)
class Do:
    """One command a policy wants carried out in its own service, with an id that derives from its
    cause.
    """

    decider: Decider
    stream: str
    command: Any
    command_id: str


@dataclass(frozen=True)
class SetTimer:
    """A command to be sent to the policy's own service when it is due (ISO 8601, with offset);
    (subject, rule, due) makes its id.
    """

    subject: str
    rule: str
    due: str
    method: str
    request: dict[str, Any]


@dataclass(frozen=True)
class ForgetPerson:
    """Destroy a person's key in this service."""

    person: str


@dataclass(frozen=True)
class Done:
    """The event is handled; carry out these."""

    effects: tuple[Do | SetTimer | ForgetPerson, ...] = ()

    def __init__(self, *effects: Do | SetTimer | ForgetPerson) -> None:
        object.__setattr__(self, "effects", effects)


@dataclass(frozen=True)
class Retry:
    """Not now: hold the whole handler and ask again after so many seconds."""

    after: float
    reason: str


@dataclass(frozen=True)
class Park:
    """This event cannot be handled: set its subject aside, loudly, and go on with the others."""

    reason: str


@dataclass(frozen=True)
class Policy:
    """When something happened, then do this: reads and decides outside the transaction.

    ``ahead`` is given the events of a page before it is decided on them one by one, to look up
    together (``Reader.look_up``) what they will be asked for one after the other.
    """

    name: str
    follows: str
    handles: Mapping[str, int]
    decide: Callable[[Fact, Reader], Done | Retry | Park]
    build: int = field(default=1)
    ahead: Callable[[Sequence[Fact], Reader], None] | None = None

    @property
    def wants_text(self) -> bool:
        """What it tells people may hold personal text."""
        return True


Handler = View | Policy
