"""Carrying out commands against the log: load, decide, append; idempotent, and right under races.

Ids of commands are looked up in the stream itself, before deciding and again before any refusal
or conflict; the first answer is recomputed by folding to that version. A refusal, a no-op or a
query is answered only after reading past the cached version, since another replica may have
written.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC
from typing import Any

import msgspec

from shared.clock import Clock
from shared.errors import Conflict, Unavailable, WuyeError
from shared.eventlog.cache import NEVER, Entry, StateCache
from shared.eventlog.decider import Answer, Context, Decider
from shared.eventlog.groupcommit import GroupCommit, OutcomeUnknown
from shared.eventlog.mapper import Mapper
from shared.eventlog.records import Meta, Recorded
from shared.eventlog.snapshots import Snapshots, fingerprint
from shared.eventlog.states import States
from shared.eventlog.store import Append, Store, StoreError
from shared.eventlog.tail import Stretch, Tail
from shared.messaging.envelope import Fact

MOST_TRIES = 4


class Prepared(msgspec.Struct, frozen=True):
    """A command decided but not yet stored."""

    decider: Decider
    append: Append
    after: Entry
    events: tuple[Recorded, ...]
    command_id: str

    def answer(self, positions: Sequence[int]) -> Answer:
        return Answer(
            stream=self.append.stream,
            version=self.after.version,
            position=positions[-1],
            state=self.after.state,
            events=self.events,
        )


class Settled(Exception):
    """The command needs no append: it was carried out before, or changes nothing."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer


class EventLog:
    """One service's log of events, as its applications, policies and readers use it."""

    def __init__(
        self,
        store: Store,
        mapper: Mapper,
        snapshots: Snapshots,
        clock: Clock,
        commits: GroupCommit,
        cache: StateCache | None = None,
    ) -> None:
        self.name = store.name
        self.store = store
        self.mapper = mapper
        self.clock = clock
        self._commits = commits
        self._tail = Tail(store, mapper)
        self._states = States(store, mapper, snapshots, cache or StateCache())

    # -- commands ----------------------------------------------------------------------------

    def execute(
        self,
        decider: Decider,
        stream: str,
        command: Any,
        context: Context,
        *,
        expected_version: int | None = None,
        new: bool = False,
    ) -> Answer:
        """Carry out one command; returns when its events are durable.

        ``new``: the stream is probably not there yet, so it is not read before the first attempt.

        Raises the domain's refusals, ``Conflict`` (stale ``expected_version``, command id used for
        other content, or four lost races), ``Busy`` and ``Unavailable`` (then send it again with
        the same id).
        """
        try:
            return self._execute(decider, stream, command, context, expected_version, new)
        except StoreError as error:
            raise _unavailable() from error

    def _execute(
        self,
        decider: Decider,
        stream: str,
        command: Any,
        context: Context,
        expected_version: int | None,
        new: bool,
    ) -> Answer:
        fresh = False
        guess = Entry(decider.initial(), 0, NEVER, set()) if new else None
        for _ in range(MOST_TRIES):
            try:
                prepared = self.prepare(
                    decider,
                    stream,
                    command,
                    context,
                    expected_version=expected_version,
                    fresh=fresh,
                    guess=guess,
                )
            except Settled as settled:
                return settled.answer
            try:
                positions = self._commits.append(prepared.append)
            except OutcomeUnknown as unknown:
                first = self._first_answer(decider, stream, context)
                if first is None:
                    raise _unavailable() from unknown
                return first
            if positions is not None:
                return self.stored(prepared, positions)
            fresh = True
        # The last race may have been lost to this very command, sent again to another process.
        first = self._first_answer(decider, stream, context)
        if first is not None:
            return first
        raise Conflict(
            "others kept changing the same thing at the same time; read it again and retry"
        )

    def prepare(
        self,
        decider: Decider,
        stream: str,
        command: Any,
        context: Context,
        *,
        expected_version: int | None = None,
        fresh: bool = False,
        entry: Entry | None = None,
        stored: bool = True,
        guess: Entry | None = None,
    ) -> Prepared:
        """Decide without storing. ``entry`` puts the decision on top of it; ``stored``: it is in
        the store as it is, and has a position there.

        ``guess`` is what the state may be where this process knows nothing of the stream; as with
        what it knows from before, only an append can come of it.

        Raises ``Settled`` where nothing is to be stored.
        """
        mark = fingerprint(context.command_id)
        overlaid = entry is not None
        if entry is None:
            entry = None if fresh else self._states.cached(decider, stream) or guess
            if entry is None:
                entry, fresh = self._states.current(decider, stream), True
        while True:
            if mark in entry.commands:
                first = self._first_answer(decider, stream, context)
                if first is not None:
                    raise Settled(first)
            meta = self._meta(context, entry)
            try:
                if expected_version is not None and entry.version != expected_version:
                    raise Conflict(
                        f"expected version {expected_version}, "
                        f"it is at {entry.version}: read it again",
                        fields={"expected_version": [f"It is at version {entry.version}."]},
                        reason="stale_version",
                    )
                events = tuple(decider.decide(command, entry.state, meta))
            except WuyeError:
                if fresh or overlaid:
                    raise
                events = ()
            if events:
                return self._prepared(decider, stream, entry, events, meta)
            if fresh or overlaid:
                raise Settled(
                    Answer(
                        stream=stream,
                        version=entry.version,
                        position=self._position(stream, entry.version) if stored else 0,
                        state=entry.state,
                    )
                )
            entry, fresh = self._states.current(decider, stream), True

    def stored(self, prepared: Prepared, positions: Sequence[int]) -> Answer:
        """Take over a prepared command whose events are durable now. Never fails."""
        prepared.after.commands.add(fingerprint(prepared.command_id))
        self._states.keep(prepared.decider, prepared.append.stream, prepared.after)
        return prepared.answer(positions)

    def _prepared(
        self,
        decider: Decider,
        stream: str,
        entry: Entry,
        events: tuple[Any, ...],
        meta: Meta,
    ) -> Prepared:
        state = entry.state
        recorded = []
        for version, event in enumerate(events, start=entry.version + 1):
            state = decider.evolve(state, event, meta)
            kind = self.mapper.catalogue.of_class(type(event))
            recorded.append(
                Recorded(
                    stream=stream,
                    version=version,
                    position=0,
                    name=kind.name,
                    schema=kind.schema,
                    data=event,
                    meta=meta,
                )
            )
        stored = tuple(self.mapper.encode(stream, one.version, one.data, meta) for one in recorded)
        after = Entry(
            state, entry.version + len(events), meta.time, entry.commands, entry.snapshot_at
        )
        return Prepared(
            decider,
            Append(stream, entry.version, stored),
            after,
            tuple(recorded),
            meta.command_id,
        )

    def _meta(self, context: Context, entry: Entry) -> Meta:
        # Clocks of replicas differ; within one stream the recorded time never runs backwards.
        now = max(self.clock.now(), entry.last_time)
        return Meta(
            actor=context.actor,
            time=now,
            occurred_at=(context.occurred_at or now).astimezone(UTC),
            command_id=context.command_id,
            command_digest=context.command_digest,
            correlation_id=context.correlation_id,
            causation_id=context.causation_id,
            traceparent=context.traceparent,
        )

    # -- repeated commands -------------------------------------------------------------------

    def _first_answer(self, decider: Decider, stream: str, context: Context) -> Answer | None:
        """What this command was answered when it was carried out; None where it never was."""
        history = self.history(stream)
        done = [event for event in history if event.meta.command_id == context.command_id]
        if not done:
            return None
        check_same(context, done[0].meta.actor, done[0].meta.command_digest)
        version = done[-1].version
        state = decider.fold(decider.initial(), history[:version])
        return Answer(
            stream=stream,
            version=version,
            position=self._position(stream, version),
            state=state,
            events=tuple(done),
            repeated=True,
        )

    # -- states ------------------------------------------------------------------------------

    def load(self, decider: Decider, stream: str) -> tuple[Any, int]:
        """State and version as of now, read from the store; version 0 for an unknown stream."""
        entry = self._states.current(decider, stream)
        return entry.state, entry.version

    def states_of(self, streams: Iterable[tuple[Decider, str]]) -> dict[tuple[str, str], Entry]:
        """States as of now by decider's name and stream, read together."""
        return self._states.current_of(streams)

    def known(self, decider: Decider, stream: str) -> tuple[Any, int]:
        """State and version as this process knows them; read only where it knows nothing.

        Others may have written since: good for what an append will guard, never for a refusal.
        """
        entry = self._states.cached(decider, stream) or self._states.current(decider, stream)
        return entry.state, entry.version

    def recent(self, decider: Decider, stream: str) -> Any:
        """The state as it was up to a second ago: for what may lead to an append, as a person's
        posts do, never for a refusal.
        """
        return self._states.recent(decider, stream)

    def history(self, stream: str, *, after: int = 0, upto: int | None = None) -> list[Recorded]:
        """A stream's events in order, personal fields opened."""
        return [
            self.mapper.decode(one)
            for one in self.store.read_stream(stream, after=after, upto=upto)
        ]

    # -- reading the log ---------------------------------------------------------------------

    def read(self, after: int, limit: int = 500, *, opened: bool = False) -> list[Fact]:
        """At most ``limit`` events behind ``after``, up to the first one of a newer release.

        Personal fields are ``None`` unless ``opened``. Raises ``NewerEvent`` when that is the very
        first.
        """
        return self._facts(self._tail.from_store(after, limit), opened)

    def read_some(self, after: int, limit: int) -> list[Fact]:
        """As ``read``, but maybe less than there is: what others have read already."""
        return self._facts(self._tail.read(after, limit), opened=False)

    def read_on(
        self, after: int, limit: int, *, opened: bool, exact: bool = False
    ) -> tuple[str | None, list[Fact], int]:
        """The id of the event at ``after`` (None where there is none), what comes next as
        ``read_some`` gives it, and how far the log reaches: a moment ago, unless ``exact``.
        """
        found = self._tail.read(after, limit)
        facts, head = self._facts(found, opened), found.head
        if head is None or (exact and found.from_memory):
            head = max(self.head(), facts[-1].position if facts else after)
        return found.anchor, facts, head

    def _facts(self, found: Stretch, opened: bool) -> list[Fact]:
        return [self.mapper.opened(one) if opened else one.fact for one in found.events]

    def head(self) -> int:
        return self.store.head()

    def wait(self, after: int, timeout: float) -> bool:
        return self.store.signal.wait(after, timeout)

    def _position(self, stream: str, version: int) -> int:
        return self.store.position_of(stream, version) if version else 0

    def close(self) -> None:
        self._commits.close()
        self.store.close()


def _unavailable() -> Unavailable:
    return Unavailable(
        "the store failed; send the command again with the same command_id", retry_after=1.0
    )


def check_same(context: Context, actor: str, digest: str) -> None:
    """Raise ``Conflict`` where a command's id was used by another actor or for other content."""
    if (context.actor, context.command_digest) != (actor, digest):
        raise Conflict(
            "this command_id was used before with other content; use a new one",
            fields={"command_id": ["was used before with other content"]},
        )
