"""Sending what is queued: beside everything else, again where nobody took it, and not for ever."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import Any
from uuid import UUID, uuid5

from services.notifications.inbox.domain import NotificationPosted
from services.notifications.inbox.wording import render
from services.notifications.push import delivery
from services.notifications.push.domain import (
    PUSH,
    SUBSCRIPTIONS,
    NoSuchSubscription,
    Outcome,
    PushSubscribed,
    Settle,
    Unsubscribe,
    subscriptions_id,
)
from services.notifications.push.endpoints import AUTH_BYTES, KEY_BYTES, allowed, decoded
from services.notifications.push.message import TTL, Sender, encrypted
from services.notifications.push.views.pushes.projection import PUSHES, Row
from shared.clock import Clock
from shared.eventlog.decider import Context
from shared.eventlog.executor import EventLog
from shared.following.reader import Reader

AT_ONCE = 8
MOST_A_ROUND, MOST_LOOKED_AT = 200, 2000
FIRST_WAIT, LONGEST_WAIT = 5.0, 1800.0
_NAMESPACE = UUID("2e7f6c0a-93f4-5b1d-8f7e-1f0d4a6c9b35")
TITLES = {"zh-CN": "物业", "en": "wuye"}
_log = logging.getLogger("wuye.push")


class Pushing:
    """For the leading process alone. Whom it waits for is in memory: started anew, it asks anew.

    A push that the service took and nobody wrote down is sent once more; the browser shows it in
    the place of the first.
    """

    def __init__(
        self, log: EventLog, reader: Reader, clock: Clock, sender: Sender, hosts: Sequence[str]
    ) -> None:
        self._log = log
        self._reader = reader
        self._clock = clock
        self._sender = sender
        self._hosts = hosts
        self._tries: dict[str, tuple[int, float]] = {}

    def round(self) -> int:
        """One try for each push whose time it is; how many were settled."""
        rows = self._due()
        settled: list[bool] = []
        for at in range(0, len(rows), AT_ONCE):
            _together([partial(self._try, row, settled) for row in rows[at : at + AT_ONCE]])
        return len(settled)

    def _due(self) -> list[Row]:
        now = time.monotonic()
        # the newest first: those that nobody takes must not be in their way
        rows: list[Row] = self._reader.rows(
            PUSHES, order="queued_at DESC, key", limit=MOST_LOOKED_AT
        )
        self._tries = {row.key: self._tries[row.key] for row in rows if row.key in self._tries}
        return [row for row in rows if self._tries.get(row.key, (0, 0.0))[1] <= now][:MOST_A_ROUND]

    def _try(self, row: Row, settled: list[bool]) -> None:
        try:
            self._settle(row, settled)
        except Exception:
            # one that cannot be sent holds up neither the others nor the process
            _log.exception("a push failed")
            self._wait(row, 0.0)

    def _settle(self, row: Row, settled: list[bool]) -> None:
        # the view is a moment behind what was settled last
        if self._log.load(PUSH, row.key)[0].settled:
            return
        outcome = self._outcome(row)
        if outcome is None:
            return
        if outcome == "gone":
            self._unsubscribe(row)
        self._log.execute(PUSH, row.key, Settle(outcome=outcome), _context(row.key, "settle"))
        settled.append(True)

    def _outcome(self, row: Row) -> Outcome | None:
        """None: to be tried again."""
        subscribed = self._subscription(row)
        if subscribed is None:
            return "gone"
        if self._clock.now() - row.queued_at > TTL:
            return "expired"
        endpoint = str(subscribed.endpoint)
        key = decoded(str(subscribed.key), KEY_BYTES)
        auth = decoded(str(subscribed.auth), AUTH_BYTES)
        if key is None or auth is None or not allowed(endpoint, self._hosts):
            return "refused"
        headers = self._sender.headers(endpoint, self._clock.now())
        said = delivery.post(endpoint, headers, encrypted(self._content(row), key, auth))
        if said.taken:
            return "delivered"
        if said.gone:
            return "gone"
        if said.later:
            self._wait(row, said.wait)
            return None
        _log.warning("a push service refused a push with status %s", said.status)
        return "refused"

    def _subscription(self, row: Row) -> PushSubscribed | None:
        """None where it was taken back, or its person forgotten."""
        stream = subscriptions_id(row.person)
        if row.subscription not in self._log.load(SUBSCRIPTIONS, stream)[0].held:
            return None
        made = [
            one.data
            for one in self._log.history(stream)
            if isinstance(one.data, PushSubscribed) and one.data.subscription == row.subscription
        ]
        return made[-1] if made and made[-1].endpoint is not None else None

    def _content(self, row: Row) -> dict[str, Any]:
        """As much as the inbox says, in the person's language; ``id`` is the message's."""
        told = self._log.history(row.notification, upto=1)[0].data
        assert isinstance(told, NotificationPosted)
        return {
            "id": row.notification,
            "title": TITLES.get(told.language, TITLES["zh-CN"]),
            "text": render(told.template, told.params, told.language),
            "language": told.language,
            "community": told.about.partition(".")[0],
            "number": told.number,
        }

    def _wait(self, row: Row, asked: float) -> None:
        tries = self._tries.get(row.key, (0, 0.0))[0]
        wait = min(LONGEST_WAIT, max(asked, FIRST_WAIT * 2**tries))
        self._tries[row.key] = (tries + 1, time.monotonic() + wait)

    def _unsubscribe(self, row: Row) -> None:
        command = Unsubscribe(person=row.person, subscription=row.subscription, reason="gone")
        with suppress(NoSuchSubscription):
            self._log.execute(
                SUBSCRIPTIONS,
                subscriptions_id(row.person),
                command,
                _context(row.key, "unsubscribe"),
            )


def _context(push: str, what: str) -> Context:
    command_id = str(uuid5(_NAMESPACE, f"{push} {what}"))
    return Context(
        actor="service:notifications",
        command_id=command_id,
        command_digest=command_id,
        correlation_id=command_id,
    )


def _together(calls: Sequence[Any]) -> None:
    threads = [threading.Thread(target=call, daemon=True) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
