"""The keys that sign access tokens: two are valid at once, so that no token dies of a rotation.

A new key signs only after a minute, when every service has heard of it; the older one signs until
then. Rotating twice in a row retires a leaked key at once (its tokens then need a refresh).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any

from msgspec import Struct

from services.security.accounts.domain.events import SigningKeyPublished, SigningKeyRetired
from shared.eventlog.decider import Decider
from shared.eventlog.records import Meta
from shared.privacy.personal import Personal

OWNER = "_signing"
SETTLING = timedelta(minutes=1)


class SigningKeys(Struct, frozen=True, kw_only=True):
    """``older`` and ``newer`` are key ids; private keys are base64url of 32 raw bytes."""

    owner: str = OWNER
    older: str | None = None
    older_private: Annotated[str | None, Personal("owner", secret=True)] = None
    newer: str | None = None
    newer_private: Annotated[str | None, Personal("owner", secret=True)] = None
    newer_since: datetime | None = None

    def signer(self, now: datetime) -> tuple[str, str] | None:
        """Key id and private key to sign with at ``now``; ``None`` where no key can be used."""
        older = (
            None if not (self.older and self.older_private) else (self.older, self.older_private)
        )
        newer = (
            None if not (self.newer and self.newer_private) else (self.newer, self.newer_private)
        )
        settled = self.newer_since is not None and now - self.newer_since >= SETTLING
        return newer if newer is not None and (settled or older is None) else older


class PublishKey(Struct, frozen=True, kw_only=True):
    """``first``: only where there is none yet."""

    kid: str
    public_key: str
    private_key: str
    first: bool


def decide(command: PublishKey, state: SigningKeys, _meta: Meta) -> Sequence[Any]:
    if command.first and state.newer is not None:
        return []
    published = SigningKeyPublished(
        kid=command.kid,
        public_key=command.public_key,
        owner=OWNER,
        private_key=command.private_key,
    )
    if state.older is None:
        return [published]
    return [SigningKeyRetired(kid=state.older), published]


def evolve(state: SigningKeys, event: Any, meta: Meta) -> SigningKeys:
    match event:
        case SigningKeyPublished():
            return SigningKeys(
                older=state.newer,
                older_private=state.newer_private,
                newer=event.kid,
                newer_private=event.private_key,
                newer_since=meta.time,
            )
        case SigningKeyRetired():
            return SigningKeys(
                newer=state.newer, newer_private=state.newer_private, newer_since=state.newer_since
            )
    return state


SIGNING_KEYS = Decider("signing_keys", SigningKeys, decide, evolve)
