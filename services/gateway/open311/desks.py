"""Who may file where: one file, so that it can be kept with the other secrets."""

from __future__ import annotations

import logging
from hmac import compare_digest
from pathlib import Path

import msgspec

from shared.errors import Forbidden, NotFound, Unavailable

_SHORTEST = 16
_log = logging.getLogger("wuye.gateway")


class Desk(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``accepter``: the person of the staff who checks what is done. ``keys``: one an application,
    each of 16 characters or more.
    """

    accepter: str
    keys: tuple[str, ...]


class BadDesks(Exception):
    """The file cannot be used; the text says why."""


class Desks:
    """What the file says: ``{"lakeside": {"accepter": "<person>", "keys": ["..."]}}``.

    It is read anew when it has changed, so that a key can be taken away at once. Raises
    ``BadDesks`` where it cannot be used from the start.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._mark = self._stamp()
        self._desks = _read(file)

    def community(self, jurisdiction: str | None, key: str | None) -> tuple[str, Desk]:
        """Where this key may be used. Raises ``NotFound`` and ``Forbidden``, as the specification
        has them, and ``Unavailable`` where the file was spoilt meanwhile.
        """
        desks = self._current()
        if jurisdiction is None and len(desks) == 1:
            jurisdiction = next(iter(desks))
        desk = desks.get(jurisdiction or "")
        if desk is None:
            raise NotFound("jurisdiction_id was not found")
        given = (key or "").encode()
        if not any([compare_digest(one.encode(), given) for one in desk.keys]):
            raise Forbidden("api_key is missing, or is none of this jurisdiction", reason="api_key")
        return jurisdiction or "", desk

    def _current(self) -> dict[str, Desk]:
        try:
            mark = self._stamp()
            if mark != self._mark:
                self._desks, self._mark = _read(self._file), mark
        except BadDesks as error:
            _log.error("nobody can file by Open311: %s", error)
            raise Unavailable("Open311 is not set up just now.", retry_after=60) from None
        return self._desks

    def _stamp(self) -> tuple[int, int]:
        try:
            found = self._file.stat()
        except OSError as error:
            raise BadDesks(f"{self._file}: {error.strerror}") from None
        return found.st_mtime_ns, found.st_size


def _read(file: Path) -> dict[str, Desk]:
    try:
        found = msgspec.json.decode(file.read_bytes(), type=dict[str, Desk])
    except (OSError, msgspec.DecodeError) as error:
        raise BadDesks(f"{file}: {error}") from None
    if any(len(key) < _SHORTEST for desk in found.values() for key in desk.keys):
        raise BadDesks(f"{file}: an api_key needs at least {_SHORTEST} characters")
    return found
