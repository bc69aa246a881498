"""The typed errors every wuye service answers with.

A stock nameko client sees of a remote error only its class name and one string, so the string *is*
the error: JSON ``{code, message, reason, fields, allowed, retry_after}``. Members that say nothing
are left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

FieldErrors = Mapping[str, Sequence[str]]


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


class WuyeError(Exception):
    """Base of all expected errors.

    ``message``: one sentence for people, saying what to do. ``fields``: dotted field name to
    messages. ``allowed``: the commands that would be taken now. ``retry_after``: seconds.
    """

    code: ClassVar[str] = "error"

    def __init__(
        self,
        message: str,
        *,
        fields: FieldErrors | None = None,
        allowed: Sequence[str] | None = None,
        retry_after: float | None = None,
        reason: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.fields = {name: list(texts) for name, texts in (fields or {}).items()}
        self.allowed = list(allowed) if allowed is not None else None
        self.retry_after = retry_after
        self._reason = reason

    @property
    def reason(self) -> str:
        """The finer name of the error: the subclass in snake case (``not_yet_accepted``), or the
        code.
        """
        return self._reason or _snake(type(self).__name__)

    def to_dict(self) -> dict[str, Any]:
        found: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.reason != self.code:
            found["reason"] = self.reason
        if self.fields:
            found["fields"] = self.fields
        if self.allowed is not None:
            found["allowed"] = self.allowed
        if self.retry_after is not None:
            found["retry_after"] = self.retry_after
        return found

    def __str__(self) -> str:
        return json.dumps(self.to_dict(), ensure_ascii=False)


class Invalid(WuyeError):
    """The input breaks its schema; ``fields`` says where."""

    code = "invalid"


class NotFound(WuyeError):
    code = "not_found"


class Refused(WuyeError):
    """The rules of the domain forbid it now; ``allowed`` says what they would take."""

    code = "refused"


class Conflict(WuyeError):
    """Somebody was faster, or the command id was used for other content."""

    code = "conflict"


class Unauthenticated(WuyeError):
    code = "unauthenticated"


class Forbidden(WuyeError):
    code = "forbidden"


class Busy(WuyeError):
    """Too much at once; try again after ``retry_after`` seconds."""

    code = "busy"


class Unavailable(WuyeError):
    """Something this service needs cannot be reached now."""

    code = "unavailable"


class TimedOut(WuyeError):
    code = "timed_out"


BY_CODE: dict[str, type[WuyeError]] = {
    cls.code: cls
    for cls in (
        Invalid,
        NotFound,
        Refused,
        Conflict,
        Unauthenticated,
        Forbidden,
        Busy,
        Unavailable,
        TimedOut,
    )
}


def from_string(text: str) -> WuyeError | None:
    """Revive an error from its string; ``None`` when the string is not one of ours."""
    try:
        found = json.loads(text)
        cls = BY_CODE[found["code"]]
        return cls(
            found["message"],
            fields=found.get("fields"),
            allowed=found.get("allowed"),
            retry_after=found.get("retry_after"),
            reason=found.get("reason"),
        )
    except (ValueError, KeyError, TypeError):
        return None
