"""The operator: who the `wuye` command is to the services."""

from __future__ import annotations

from pathlib import Path

from shared.clock import Clock
from shared.identity import keys
from shared.identity.caller import EVERY, Post
from shared.identity.keys import ServiceIdentity

OPERATOR = "operator"
POSTS = tuple(Post(role, EVERY) for role in ("service", "auditor", "admin"))


def operator(keys_dir: Path, clock: Clock) -> ServiceIdentity:
    """Raises ``BadKey`` where the key cannot be read: only the platform's own user may."""
    return ServiceIdentity(OPERATOR, keys.load_private(keys_dir, OPERATOR), clock, POSTS)
