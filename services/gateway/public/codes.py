"""The codes on signs and receipts: what they name, under a signature of this site.

A sign's code names a place; only codes that were printed here work, so nobody reports for a place
they have never stood at. A receipt names an order or an inquiry, and shows it to whoever holds it.
Both hold for as long as the site keeps its secret.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from typing import NamedTuple
from uuid import UUID

_KINDS = {"unit": b"u", "building": b"b", "common": b"c"}
_SIGN_BYTES = 9
# 40 bits: wrong tries are limited by address
_RECEIPT_BYTES = 5
_RECEIPT = re.compile(r"([a-z][a-z0-9-]{1,31})-([RCSQP]-\d{4}-\d{1,12})-([A-Z2-7]{8})")


class Receipt(NamedTuple):
    community: str
    number: str


class Codes:
    """``secret``: the site's, 32 bytes."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def of_place(self, place: str) -> str:
        """For ``unit:<community>.<uuid>``, ``building:<community>.<uuid>``, ``common:<community>``:
        what goes into the sign's address, ``<community>/<code>``.
        """
        kind, _, id_ = place.partition(":")
        community, _, uuid = id_.partition(".")
        body = _KINDS[kind] + (UUID(uuid).bytes if uuid else b"")
        code = body + self._mac("sign", community.encode() + b"/" + body, _SIGN_BYTES)
        return f"{community}/{base64.urlsafe_b64encode(code).rstrip(b'=').decode()}"

    def place(self, community: str, code: str) -> str | None:
        """What a sign's code names, as above; None where it is none of ours."""
        try:
            found = base64.b64decode(code + "=" * (-len(code) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            return None
        body, mac = found[:-_SIGN_BYTES], found[-_SIGN_BYTES:]
        kinds = [kind for kind, letter in _KINDS.items() if body[:1] == letter]
        signed = self._mac("sign", community.encode() + b"/" + body, _SIGN_BYTES)
        if not kinds or not hmac.compare_digest(mac, signed):
            return None
        return f"{kinds[0]}:{community}" + (f".{UUID(bytes=body[1:])}" if body[1:] else "")

    def receipt(self, community: str, number: str) -> str:
        """``lakeside-R-2026-000123-7KQ2M3XD``."""
        mac = self._mac("receipt", f"{community}/{number}".encode(), _RECEIPT_BYTES)
        return f"{community}-{number}-{base64.b32encode(mac).decode()}"

    def read_receipt(self, text: str) -> Receipt | None:
        """Out of a receipt as people type it; None where it is none of ours."""
        found = _RECEIPT.fullmatch(_tidied(text))
        if found is None:
            return None
        receipt = Receipt(found[1], found[2])
        good = hmac.compare_digest(self.receipt(*receipt).rpartition("-")[2], found[3])
        return receipt if good else None

    def _mac(self, purpose: str, text: bytes, length: int) -> bytes:
        key = hmac.digest(self._secret, f"wuye {purpose}".encode(), hashlib.sha256)
        return hmac.digest(key, text, hashlib.sha256)[:length]


def _tidied(text: str) -> str:
    """``lakeside r-2026-000123 7kq2m3xd`` is as good."""
    parts = text.strip().replace(" ", "-").split("-")
    return "-".join([*(part.lower() for part in parts[:-4]), *(one.upper() for one in parts[-4:])])
