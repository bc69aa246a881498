"""Taking photos in."""

from __future__ import annotations

from flask import request
from werkzeug.datastructures import FileStorage

from services.gateway.frame.edge import edge
from services.gateway.uploads.images import NoPicture, cleaned
from shared.errors import Invalid

MOST_BYTES = 12 * 1024 * 1024
# as many as one order takes
MOST_PHOTOS = 12
_ROOM = MOST_BYTES * MOST_PHOTOS


def room(photos: int = MOST_PHOTOS) -> None:
    """Let this request be large enough for so many photos; before anything of it is read."""
    request.max_content_length = min(_ROOM, MOST_BYTES * photos) + 64 * 1024


def keep(file: FileStorage) -> str:
    """The reference of a photo, for the ``photos`` of a command.

    Raises ``Invalid`` for what is no picture, and ``Unavailable`` where it cannot be kept now.
    """
    raw = file.stream.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise _invalid(f"A photo may have at most {MOST_BYTES // 1024 // 1024} MB.")
    try:
        return edge().photos.keep(cleaned(raw))
    except NoPicture as error:
        raise _invalid(str(error)) from None


def _invalid(text: str) -> Invalid:
    return Invalid(text, fields={"photos": [text]})
