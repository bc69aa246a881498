"""The digest of a command's content: tells whether a repeated command id carries the same content.

It is keyed: digests stay in the log for ever, and a plain hash of a phone number could be guessed
from there long after its person was forgotten.
"""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

_PURPOSE = b"wuye.digest"


class Digester:
    """``Digester(master_key)(content)`` gives 32 hex digits for anything msgspec can encode."""

    def __init__(self, master_key: bytes) -> None:
        self._key = hashlib.blake2b(_PURPOSE, key=master_key, digest_size=32).digest()

    def __call__(self, content: Any) -> str:
        canonical = msgspec.json.encode(content, order="sorted")
        return hashlib.blake2b(canonical, key=self._key, digest_size=16).hexdigest()
