"""What the methods of calendar feeds take."""

from __future__ import annotations

from shared.schemas import Command, Id, Query, Text


def _digest() -> Text:
    return Text(
        43,
        required=True,
        pattern=r"[A-Za-z0-9_-]{43}",
        hint="SHA-256 in base64url is expected, 43 characters.",
    )


class OpenFeed(Command):
    """The caller's own. ``digest``: SHA-256 of a secret of 128 random bits or more, which whoever
    asks has made up and keeps.
    """

    digest = _digest()


class CloseFeed(Command):
    """The caller's own."""


class Feed(Query):
    """The caller's own."""


class FeedOwner(Query):
    """``feed``: as opening it answered. ``digest``: of the secret somebody has shown."""

    feed = Id(required=True)
    digest = _digest()
