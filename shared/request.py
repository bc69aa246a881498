"""What an application is told of a call beside its content: who, with which id, and what they have
seen.
"""

from __future__ import annotations

import msgspec

from shared.eventlog.decider import Context
from shared.following.reader import PATIENCE
from shared.identity.caller import Caller


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """``at_least``: a position of this service's log the answer must show (read your own write).

    ``patience``: seconds a query may wait for that, so that its answer comes before the deadline.
    """

    caller: Caller
    context: Context
    at_least: int | None = None
    expected_version: int | None = None
    patience: float = PATIENCE
