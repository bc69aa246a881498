"""Which photos are attached to anything, for whoever keeps the files."""

from __future__ import annotations

from typing import Any

from services.workorders.photos.views.attached_photos.projection import ATTACHED_PHOTOS, Row
from services.workorders.register.views.people.projection import VIEW as PEOPLE
from shared.errors import Forbidden, Unavailable
from shared.eventlog.executor import EventLog
from shared.following.reader import Reader
from shared.identity.caller import EVERY
from shared.request import Request

Data = dict[str, Any]


class Photos:
    def __init__(self, log: EventLog, reader: Reader) -> None:
        self._log = log
        self._reader = reader

    def attached_photos(self, request: Request, data: Data) -> Data:
        """For services. A view that lags would let photos be thrown away that belong to something,
        so then there is no answer: raises ``Unavailable``.
        """
        if not request.caller.has("service", EVERY):
            raise Forbidden("This is for who keeps the photos.")
        if self._reader.wait(ATTACHED_PHOTOS, self._log.head(), request.patience):
            raise Unavailable("The newest photos are not listed yet.", retry_after=5.0)
        rows: list[Row] = self._reader.rows(
            ATTACHED_PHOTOS,
            where="key > :after",
            params={"after": data["after"] or ""},
            limit=data["limit"],
        )
        people = self._reader.rows_of(PEOPLE, "key", {row.person for row in rows})
        forgotten = {person.key for person in people if person.forgotten}
        return {
            "attached": [
                {"photos": list(row.photos), "forgotten": row.person in forgotten} for row in rows
            ],
            "next": rows[-1].key if len(rows) == data["limit"] else None,
            "behind": False,
        }
