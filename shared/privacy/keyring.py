"""A key per person: whoever is to be forgotten loses the key, and every text sealed with it.

Person keys are AES-256 keys, kept wrapped under the master key (AES-256-GCM, NIST SP 800-38D,
random 96-bit nonces, the person's id as associated data). A token is
``sealed:1:<person>:<base64url>`` of nonce, ciphertext and tag.
"""

from __future__ import annotations

import hashlib
import os
import threading
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as BrokenBase64
from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
PREFIX = "sealed:1:"
MARK = "marked:1:"
_MARKS = b"wuye.marks"
_NONCE_BYTES = 12
_TAG_BYTES = 16
_CANARY = "@keyring"


class BrokenSeal(Exception):
    """A sealed text was altered, moved elsewhere, or is none."""


class WrongMasterKey(Exception):
    """The master key is not the one that the stored person keys were wrapped with."""


class Forgotten(Exception):
    """The person's key was destroyed; nothing can be sealed for them any more."""


class KeyStore(Protocol):
    """Where wrapped person keys are kept. Every call is a committed transaction of its own."""

    def get(self, person: str) -> bytes | None:
        """The wrapped key; ``None`` where there is none, or none any more."""
        ...

    def put_if_absent(self, person: str, wrapped: bytes) -> bytes | None:
        """The key that holds from now on: this, or an earlier one; ``None`` after ``destroy``."""
        ...

    def destroy(self, person: str) -> None:
        """Destroy the key; a tombstone keeps any later one from being made."""
        ...


class _Cached(NamedTuple):
    cipher: AESGCM | None
    until: float


class Keyring:
    """Opens and seals with the keys of a store, a bounded number of them cached.

    A key destroyed by another process is noticed within ``_SECONDS_CACHED``. Safe between threads.
    """

    _SECONDS_CACHED = 5.0
    _MOST_CACHED = 10_000

    def __init__(
        self,
        store: KeyStore,
        master_key: bytes,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        if len(master_key) != KEY_BYTES:
            raise ValueError(f"the master key must have {KEY_BYTES} bytes, not {len(master_key)}")
        self._store = store
        self._master = AESGCM(master_key)
        self._marks = hashlib.blake2b(_MARKS, key=master_key, digest_size=32).digest()
        self._monotonic = monotonic
        self._cache: OrderedDict[str, _Cached] = OrderedDict()
        self._lock = threading.Lock()
        self._destroyed = 0

    def check(self) -> None:
        """Raise ``WrongMasterKey`` at start, before it can wrap new keys."""
        self._cipher_for_sealing(_CANARY)

    def seal(self, person: str, plaintext: str, aad: bytes) -> str:
        """The token for ``plaintext``; ``aad`` must be given again to open it.

        Raises ``Forgotten``, and ``UnicodeEncodeError`` for text with lone surrogates.
        """
        text = plaintext.encode()
        nonce = os.urandom(_NONCE_BYTES)
        sealed = nonce + self._cipher_for_sealing(person).encrypt(nonce, text, aad)
        return f"{PREFIX}{person}:{urlsafe_b64encode(sealed).rstrip(b'=').decode()}"

    def open(self, token: str, aad: bytes) -> str | None:
        """The text; ``None`` when its person was forgotten. Raises ``BrokenSeal``."""
        person, sealed = _parsed(token)
        cipher = self._cipher_for_opening(person)
        if cipher is None:
            return None
        try:
            return cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], aad).decode()
        except (InvalidTag, UnicodeDecodeError):
            raise BrokenSeal(
                f"a text sealed for {person} does not open at {aad.decode(errors='replace')}: "
                "it was altered, or moved here from another place"
            ) from None

    def mark(self, name: str, text: str) -> str:
        """What stands for a text in a column of this name: the same each time, read by nobody.

        Keyed by the master key, for the few digits of a phone number are soon tried out. What is a
        mark already stays as it is.
        """
        if text.startswith(MARK):
            return text
        content = f"{name}\0{text}".encode()
        return MARK + hashlib.blake2b(content, key=self._marks, digest_size=16).hexdigest()

    def destroy(self, person: str) -> None:
        """Forget a person: no text sealed for them opens any more, and none is sealed again."""
        self._store.destroy(person)
        with self._lock:
            self._destroyed += 1
            self._cache.pop(person, None)

    def _cipher_for_opening(self, person: str) -> AESGCM | None:
        cached, destroyed = self._cached(person)
        if cached is not None:
            return cached.cipher
        # A key commits before its first use, so a token without a key means a destroyed one.
        return self._keep(person, self._store.get(person), destroyed)

    def _cipher_for_sealing(self, person: str) -> AESGCM:
        cached, destroyed = self._cached(person)
        if cached is not None and cached.cipher is not None:
            return cached.cipher
        wrapped = self._store.get(person) or self._store.put_if_absent(person, self._made(person))
        found = self._keep(person, wrapped, destroyed)
        if found is None:
            raise Forgotten(f"{person} was forgotten: no text can be kept for them any more")
        return found

    def _made(self, person: str) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        key = AESGCM.generate_key(bit_length=8 * KEY_BYTES)
        return nonce + self._master.encrypt(nonce, key, person.encode())

    def _cached(self, person: str) -> tuple[_Cached | None, int]:
        """What is cached and still fresh, and how many keys were destroyed here until now."""
        with self._lock:
            cached = self._cache.get(person)
            if cached is not None and self._monotonic() < cached.until:
                self._cache.move_to_end(person)
                return cached, self._destroyed
            return None, self._destroyed

    def _keep(self, person: str, wrapped: bytes | None, destroyed: int) -> AESGCM | None:
        cipher = None if wrapped is None else self._unwrapped(person, wrapped)
        with self._lock:
            # A key read before a destroy must not come back into the cache after it.
            if destroyed == self._destroyed:
                until = self._monotonic() + self._SECONDS_CACHED
                self._cache[person] = _Cached(cipher, until)
                self._cache.move_to_end(person)
                if len(self._cache) > self._MOST_CACHED:
                    self._cache.popitem(last=False)
        return cipher

    def _unwrapped(self, person: str, wrapped: bytes) -> AESGCM:
        try:
            key = self._master.decrypt(
                wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:], person.encode()
            )
        except (InvalidTag, ValueError):
            raise WrongMasterKey(
                f"the key of {person} was wrapped with another master key: start with the one "
                "this store was made with (WUYE_MASTER_KEY, or master.key among the keys)"
            ) from None
        return AESGCM(key)


def _parsed(token: str) -> tuple[str, bytes]:
    person, colon, text = token.removeprefix(PREFIX).rpartition(":")
    if token.startswith(PREFIX) and colon and person:
        try:
            sealed = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        except (BrokenBase64, ValueError):
            sealed = b""
        # The text must be the one way to write its bytes, so that stored tokens stay comparable.
        canonical = urlsafe_b64encode(sealed).rstrip(b"=").decode() == text
        if canonical and len(sealed) >= _NONCE_BYTES + _TAG_BYTES:
            return person, sealed
    raise BrokenSeal(f"not a sealed text: it should read {PREFIX}<person>:<base64url>")


class MemoryKeyStore:
    """Keys of a log that lives in memory."""

    def __init__(self) -> None:
        self._wrapped: dict[str, bytes | None] = {}
        self._lock = threading.Lock()

    def get(self, person: str) -> bytes | None:
        with self._lock:
            return self._wrapped.get(person)

    def put_if_absent(self, person: str, wrapped: bytes) -> bytes | None:
        with self._lock:
            return self._wrapped.setdefault(person, wrapped)

    def destroy(self, person: str) -> None:
        with self._lock:
            self._wrapped[person] = None
