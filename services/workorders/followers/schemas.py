"""What comes in about following."""

from __future__ import annotations

from shared.schemas import Command, Id, Query


class OnOrder(Command):
    id = Id(required=True)


class Followed(Query):
    """What the caller follows."""
