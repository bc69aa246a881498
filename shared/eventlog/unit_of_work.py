"""Several commands and something else in one transaction: what a policy does with one event."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from shared.eventlog.cache import Entry
from shared.eventlog.decider import Answer, Context, Decider
from shared.eventlog.executor import EventLog, Prepared, Settled, check_same
from shared.eventlog.store import WriteHook, append_or_raise


class UnitOfWork:
    """Decide outside the transaction; then lock, versions, events and the hook's rows in one."""

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._prepared: list[Prepared] = []
        self._overlay: dict[tuple[str, str], Entry] = {}
        self._foreseen: dict[tuple[str, str], Entry] = {}
        self._contexts: dict[tuple[str, str], Context] = {}

    def foresee(self, streams: Iterable[tuple[Decider, str]]) -> dict[tuple[str, str], Entry]:
        """Read the states of these streams together, as of now: commands added later are decided
        on just these. By decider's name and stream.
        """
        found = self._log.states_of(streams)
        self._foreseen.update(found)
        return found

    def add(
        self,
        decider: Decider,
        stream: str,
        command: Any,
        context: Context,
        *,
        expected_version: int | None = None,
    ) -> Answer | None:
        """Decide one command on top of those added before. Raises the domain's refusals.

        What it was answered already, where nothing is to be stored for it nor was added before.
        """
        earlier = self._contexts.get((stream, context.command_id))
        if earlier is not None:
            check_same(context, earlier.actor, earlier.command_digest)
            return None
        key = (decider.name, stream)
        added = self._overlay.get(key)
        over = added or self._foreseen.get(key)
        try:
            prepared = self._log.prepare(
                decider,
                stream,
                command,
                context,
                expected_version=expected_version,
                fresh=over is None,
                entry=over,
                stored=added is None,
            )
        except Settled as settled:
            return settled.answer if added is None else None
        self._prepared.append(prepared)
        self._overlay[key] = prepared.after
        self._contexts[stream, context.command_id] = context
        return None

    def savepoint(self) -> Callable[[], None]:
        """Call what this returns to take back everything added after it."""
        kept = self._prepared.copy(), self._overlay.copy(), self._contexts.copy()

        def undo() -> None:
            self._prepared, self._overlay, self._contexts = kept

        return undo

    def commit(self, also: WriteHook) -> list[Answer]:
        """Store all of it or nothing. Raises ``LostRace`` when a stream has moved."""
        with self._log.store.transaction() as tx:
            also(tx)
            positions = (
                append_or_raise(tx, [one.append for one in self._prepared])
                if self._prepared
                else []
            )
        return [
            self._log.stored(one, found)
            for one, found in zip(self._prepared, positions, strict=True)
        ]
