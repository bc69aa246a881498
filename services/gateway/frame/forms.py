"""Forms: from our own pages alone, one command however often they are sent, nothing typed lost."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from hmac import compare_digest
from uuid import UUID, uuid4

from flask import g, request, session
from werkzeug.datastructures import MultiDict

from shared.errors import Conflict, Forbidden, Refused, WuyeError

TOKEN = "csrf"
COMMAND = "command_id"


class StaleForm(Refused):
    """The form is of another session, or of no page of ours."""


def token() -> str:
    """The session's CSRF token, for a hidden field of every form."""
    if TOKEN not in session:
        session[TOKEN] = secrets.token_urlsafe(24)
    return str(session[TOKEN])


def check() -> None:
    """Raises ``StaleForm`` unless the request is a form with the session's token."""
    known, given = session.get(TOKEN), request.form.get(TOKEN, "")
    if request.method != "POST" or not known or not compare_digest(known, given):
        raise StaleForm("This form is of an earlier session; look it over and send it again.")


def check_header() -> None:
    """Of a script of our own pages: raises ``Forbidden`` unless it sends the session's token."""
    known, given = session.get(TOKEN), request.headers.get("X-CSRF-Token", "")
    if not known or not compare_digest(known.encode(), given.encode()):
        raise Forbidden("Send the session's token as X-CSRF-Token.", reason="csrf")


class Form:
    """What stands in a form: ``values`` as typed, and why it was not taken.

    ``name`` is the command; ``id`` its command id, which stays the same until it was carried out,
    so that sending it again after a time-out does it once.
    """

    def __init__(
        self, name: str, values: MultiDict[str, str] | None = None, error: WuyeError | None = None
    ) -> None:
        self.name = name
        self.values = values if values is not None else MultiDict()
        self.error = error
        self.id = command_id(self.values.get(COMMAND))
        if isinstance(error, Conflict):
            # the id is spent on other content: what stands in the form now is a new command
            self.id = str(uuid4())
        self._focused = False

    def text(self, field: str, default: str = "") -> str:
        return self.values.get(field, default)

    def texts(self, field: str) -> list[str]:
        return self.values.getlist(field)

    def faults(self, *fields: str) -> list[str]:
        """What a service said of these fields, the fields inside them as well."""
        return [text for field in fields for text in self._faults(field)]

    def takes_focus(self, *fields: str) -> bool:
        """Whether these are the first fields with a fault, asked in the order of the page."""
        first = not self._focused and bool(self.faults(*fields))
        self._focused = self._focused or first
        return first

    def _faults(self, field: str) -> Iterator[str]:
        for name, texts in (self.error.fields if self.error else {}).items():
            if name == field or name.startswith(f"{field}."):
                yield from texts


def command_id(given: str | None) -> str:
    """The id in a form, where it has a good one; else a new one."""
    try:
        return str(UUID(given or ""))
    except ValueError:
        return str(uuid4())


def for_a_script() -> bool:
    """Whether it was sent by what keeps acts on a device until there is a connection."""
    return request.accept_mimetypes.best_match(("text/html", "application/json")) != "text/html"


def draft_key(*parts: str) -> str:
    """What a draft on the reader's device is kept under: theirs, even where others log in there."""
    who = g.get("visitor")
    owner = hashlib.sha256(who.person.encode()).hexdigest()[:12] if who is not None else "guest"
    return ".".join((owner, *parts))
