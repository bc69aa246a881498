"""Firing timers: the commands that are due are sent to ``serve``, as any caller would."""

from __future__ import annotations

import logging
from datetime import timedelta

from shared.errors import Conflict, Forbidden, Invalid, NotFound, Refused, WuyeError
from shared.following import timers
from shared.following.timers import Timer
from shared.hosting.parts import Parts

logger = logging.getLogger(__name__)


def fire(parts: Parts, *, after: timedelta = timedelta(0), most: int = 100) -> int:
    """Send the commands that have been due for so long; the number sent. Unanswered ones stay due.

    One that comes early by the clock of whoever carries it out is refused, and would be settled.
    """
    fired = 0
    for timer in timers.due(parts.store, parts.clock.now() - after, most):
        try:
            _send(parts, timer)
        except WuyeError as error:
            if unsettled(error):
                logger.warning("timer %s of %s waits: %s", timer.rule, timer.subject, error)
                if error.reason == "remote_failure":
                    continue  # a fault met at this one command must not hold up the others
                return fired
            logger.info("timer %s of %s has nothing to do: %s", timer.rule, timer.subject, error)
        timers.mark_fired(parts.store, timer)
        fired += 1
    return fired


def _send(parts: Parts, timer: Timer) -> None:
    service, _, method = timer.method.rpartition(".")
    request = {**timer.request, "command_id": timer.command_id}
    parts.rpc.call(service, method, request, auth_token=parts.identity.token())


def unsettled(error: WuyeError) -> bool:
    """Whether the same command may fare better later: nothing was decided about it."""
    if isinstance(error, Conflict):
        # The id or the version stays wrong, however often it is sent; a lost race does not.
        return not error.fields.keys() & {"command_id", "expected_version"}
    return not isinstance(error, (Refused, NotFound, Invalid, Forbidden))
