"""Taking photos in."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import current_app, g, request
from werkzeug.datastructures import FileStorage

from services.gateway.frame import forms
from services.gateway.frame.edge import edge
from services.gateway.frame.forms import Form
from services.gateway.uploads.images import NoPicture, cleaned
from services.gateway.uploads.store import REFERENCE
from shared.errors import Invalid

MOST_BYTES = 12 * 1024 * 1024
# as many as one order takes
MOST_PHOTOS = 12
_ROOM = MOST_BYTES * MOST_PHOTOS
# the fields of commands and events that name photos
FIELDS = ("photos", "photos_before")
# the field that names the picture of one
SIGNATURE = "signature"
# in front of the name of a field: what of it was kept when the form was sent before
KEPT = "kept."
TOO_MANY = f"At most {MOST_PHOTOS} photos are taken."

V = TypeVar("V", bound=Callable[..., object])


def room(photos: int = MOST_PHOTOS) -> None:
    """Let this request be large enough for so many photos; before anything of it is read."""
    request.max_content_length = min(_ROOM, MOST_BYTES * photos) + 64 * 1024


def takes_photos(view: V) -> V:
    """Marks a view whose form may have photos."""
    view.takes_photos = True  # type: ignore[attr-defined]
    return view


def make_room() -> None:
    """Before a request: for who has, or had a moment ago, a session; nobody else brings photos."""
    view = current_app.view_functions.get(request.endpoint or "")
    if getattr(view, "takes_photos", False) and (g.get("visitor") or g.get("session_over")):
        room()


def keep_all(form: Form, field: str) -> list[str]:
    """The references of a form's photos: those kept when it was sent before, and those chosen now.

    They stay in the form, so that none is chosen again after something else was wrong. Raises
    ``Invalid`` for what is no picture, when the others are kept.
    """
    forms.check()
    kept = [one for one in form.texts(KEPT + field) if REFERENCE.fullmatch(one)]
    fault: Invalid | None = None
    for file in request.files.getlist(field):
        if not file.filename:
            continue
        try:
            if len(kept) >= MOST_PHOTOS:
                raise _invalid(TOO_MANY, field)
            kept.append(keep(file, field))
        except Invalid as error:
            fault = error
    found = list(dict.fromkeys(kept))[:MOST_PHOTOS]
    form.values.setlist(KEPT + field, found)
    if fault is not None:
        raise fault
    return found


def keep(file: FileStorage, field: str = "photos") -> str:
    """The reference of a photo, for the ``photos`` of a command.

    Raises ``Invalid`` for what is no picture, and ``Unavailable`` where it cannot be kept now.
    """
    raw = file.stream.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise _invalid(f"A photo may have at most {MOST_BYTES // 1024 // 1024} MB.", field)
    try:
        return edge().photos.keep(cleaned(raw))
    except NoPicture as error:
        raise _invalid(str(error), field) from None


def _invalid(text: str, field: str) -> Invalid:
    return Invalid(text, fields={field: [text]})
