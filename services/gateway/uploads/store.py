"""Where photos are: a folder, or whatever else fsspec reaches by a URL, such as S3."""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import fsspec

from services.gateway.uploads.images import Picture
from shared.errors import NotFound, Unavailable

# SHA-256 of the kept file, so the same photo is kept once and never changes
REFERENCE = re.compile(r"[0-9a-f]{64}\.jpg")


class Photos:
    """``url``: a folder as ``file:///...``, or ``s3://bucket/folder``. Raises ``ValueError`` and
    ``ImportError`` for one that cannot be served. Safe between threads and processes.
    """

    def __init__(self, url: str) -> None:
        self._files, self._folder = fsspec.core.url_to_fs(url)

    def keep(self, picture: Picture) -> str:
        """Its reference. Raises ``Unavailable`` where it cannot be kept now."""
        reference = f"{hashlib.sha256(picture.whole).hexdigest()}.jpg"
        try:
            # the whole one last: where it is, both are
            self._put(_small(reference), picture.small)
            self._put(reference, picture.whole)
        except OSError as error:
            raise Unavailable("Photos cannot be kept just now.", retry_after=5) from error
        return reference

    def read(self, reference: str, *, small: bool = False) -> bytes:
        """The file. Raises ``NotFound`` and ``Unavailable``."""
        if not REFERENCE.fullmatch(reference):
            raise NotFound("There is no such photo.")
        try:
            found: bytes = self._files.cat_file(
                self._path(_small(reference) if small else reference)
            )
        except FileNotFoundError:
            raise NotFound("There is no such photo.") from None
        except OSError as error:
            raise Unavailable("Photos cannot be read just now.", retry_after=5) from error
        return found

    def listed(self) -> Iterator[tuple[str, datetime]]:
        """The name of every file, and when it was put there last. Raises ``Unavailable``."""
        try:
            found = self._files.find(self._folder, detail=True)
        except FileNotFoundError:
            return
        except OSError as error:
            raise Unavailable("Photos cannot be listed just now.", retry_after=5) from error
        for path, told in found.items():
            yield path.rpartition("/")[2], _put_at(told)

    def put_at(self, name: str) -> datetime | None:
        """When this file was put there last; None where it is not there."""
        try:
            return _put_at(self._files.info(self._path(name), refresh=True))
        except FileNotFoundError:
            return None

    def remove(self, name: str) -> None:
        with contextlib.suppress(FileNotFoundError):
            self._files.rm_file(self._path(name))

    def _put(self, name: str, content: bytes) -> None:
        # written anew even where it is there: then it is as young as who has just sent it expects
        path = self._path(name)
        self._files.makedirs(path.rpartition("/")[0], exist_ok=True)
        part = f"{path}.{uuid4().hex}.part"
        self._files.pipe_file(part, content)
        self._files.mv(part, path)

    def _path(self, name: str) -> Any:
        return f"{self._folder}/{name[:2]}/{name}"


def reference_of(name: str) -> str | None:
    """The reference that a file belongs to; None for one that never got whole."""
    found = name.replace(".small.jpg", ".jpg")
    return found if REFERENCE.fullmatch(found) else None


def _put_at(told: Mapping[str, Any]) -> datetime:
    """Folders say it in seconds, S3 as a time."""
    at = told.get("mtime", told.get("LastModified", told.get("created")))
    return at if isinstance(at, datetime) else datetime.fromtimestamp(float(at or 0.0), UTC)


def _small(reference: str) -> str:
    return reference.replace(".jpg", ".small.jpg")
