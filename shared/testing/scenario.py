"""Given these events, when this command, then those events: how every decider is tested.

    given(ORDERS, submitted, dispatched).when(Repair(by=wang, notes="new washer")).then(repaired)
    given(ORDERS, submitted).when(Rate(by=li, stars=5)).refused(NotYetAccepted, allowed=["cancel"])

An event given alone happened at ``NOON``; ``at(moment, event)`` says another time. The command
comes at the time of the last event, or at ``when(..., at=moment)``.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NoReturn

import msgspec

from shared.errors import WuyeError
from shared.eventlog.decider import Decider
from shared.eventlog.records import Meta

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SOMEONE = "someone"


class At(msgspec.Struct, frozen=True):
    """An event with when and by whom; ``occurred_at`` None: when it was recorded."""

    time: datetime
    event: Any
    occurred_at: datetime | None = None
    actor: str = SOMEONE


def at(
    time: datetime, event: Any, *, occurred_at: datetime | None = None, actor: str = SOMEONE
) -> At:
    return At(time, event, occurred_at, actor)


def meta(
    time: datetime = NOON, *, occurred_at: datetime | None = None, actor: str = SOMEONE
) -> Meta:
    """The meta of one command on a fixed clock."""
    return Meta(
        actor=actor,
        time=time,
        occurred_at=occurred_at or time,
        command_id="command",
        command_digest="",
        correlation_id="correlation",
    )


def fold(decider: Decider, *events: Any) -> Any:
    """The state after ``events``, each bare or wrapped in ``at(...)``."""
    state = decider.initial()
    for each in events:
        placed = each if isinstance(each, At) else At(NOON, each)
        when = meta(placed.time, occurred_at=placed.occurred_at, actor=placed.actor)
        state = decider.evolve(state, placed.event, when)
    return state


@dataclass(frozen=True)
class Given:
    decider: Decider
    events: tuple[Any, ...]

    def when(
        self,
        command: Any,
        *,
        at: datetime | None = None,
        occurred_at: datetime | None = None,
        actor: str | None = None,
    ) -> Outcome:
        """Decide ``command``. The actor is, unless said, the person of the command's ``by``."""
        last = self.events[-1] if self.events else None
        time = at or (last.time if isinstance(last, At) else NOON)
        caller = getattr(command, "by", None)
        person = actor or str(getattr(caller, "person", SOMEONE))
        when = meta(time, occurred_at=occurred_at, actor=person)
        state = fold(self.decider, *self.events)
        try:
            made = list(self.decider.decide(command, state, when))
        except WuyeError as error:
            return Outcome(self.decider, state, when, [], error)
        return Outcome(self.decider, state, when, made, None)


@dataclass(frozen=True)
class Outcome:
    """What came of the command, waiting to be compared."""

    decider: Decider
    before: Any
    meta: Meta
    events: list[Any]
    error: WuyeError | None

    def then(self, *expected: Any) -> Any:
        """Just these events came out of it. Answers the state after them.

        That state must come back the same from its own JSON, because snapshots keep it so.
        """
        if self.error is not None:
            _fail(f"expected {_names(expected)}, but it was refused: {_told(self.error)}")
        if self.events != list(expected):
            _fail("other events came out:\n" + _diff(_lines(expected), _lines(self.events)))
        return self.after()

    def after(self) -> Any:
        """The state after the events that came out; refused commands have none."""
        if self.error is not None:
            _fail(f"expected events, but it was refused: {_told(self.error)}")
        state = self.before
        for event in self.events:
            state = self.decider.evolve(state, event, self.meta)
        revived = msgspec.json.decode(msgspec.json.encode(state), type=type(state))
        if revived != state:
            _fail("the state's JSON loses something:\n" + _diff(_lines([state]), _lines([revived])))
        return state

    def refused(
        self,
        cls: type[WuyeError],
        *,
        allowed: Sequence[str] | None = None,
        fields: Sequence[str] | None = None,
    ) -> WuyeError:
        """It was refused with just this class; if given, with these commands and faulty fields."""
        if self.error is None:
            _fail(
                f"expected {cls.__name__}, but these came out:\n" + "\n".join(_lines(self.events))
            )
        if type(self.error) is not cls:
            _fail(f"expected {cls.__name__}, but it was {_told(self.error)}")
        if allowed is not None and self.error.allowed != list(allowed):
            _fail(f"expected allowed {list(allowed)}, but it was {self.error.allowed}")
        if fields is not None and sorted(self.error.fields) != sorted(fields):
            _fail(f"expected faults in {sorted(fields)}, but they were in {self.error.fields}")
        return self.error


def given(decider: Decider, *events: Any) -> Given:
    return Given(decider, events)


def _names(events: Sequence[Any]) -> str:
    return ", ".join(type(event).__name__ for event in events) or "no event"


def _told(error: WuyeError) -> str:
    return f"{type(error).__name__} {error}"


def _lines(events: Sequence[Any]) -> list[str]:
    found: list[str] = []
    for event in events:
        found.append(type(event).__name__)
        values: Mapping[str, Any] = msgspec.to_builtins(event)
        found.extend(f"    {name} = {value!r}" for name, value in values.items())
    return found


def _diff(expected: list[str], found: list[str]) -> str:
    return "\n".join(difflib.unified_diff(expected, found, "expected", "found", lineterm="", n=99))


def _fail(text: str) -> NoReturn:
    __tracebackhide__ = True
    raise AssertionError(text)
