"""Photos to send: small pictures of one colour."""

from __future__ import annotations

import io

from PIL import Image


def photo(colour: str = "red", size: tuple[int, int] = (640, 480), kind: str = "JPEG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind)
    return out.getvalue()
