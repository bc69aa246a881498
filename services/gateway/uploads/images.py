"""Pictures as we keep them: JPEG of a modest size with nothing but the picture in it. Pure."""

from __future__ import annotations

import io
import warnings
from typing import NamedTuple

from PIL import Image, ImageOps, UnidentifiedImageError

# what the bytes are, whatever their sender calls them
KINDS = ("JPEG", "PNG", "WEBP")
MOST_PIXELS = 50_000_000
LONGEST, LONGEST_SMALL = 2048, 320
_QUALITY = 85


class NoPicture(Exception):
    """The bytes are no picture that is taken; the text says why."""


class Picture(NamedTuple):
    """``whole`` and ``small`` are JPEG files; ``width`` and ``height`` those of the whole one."""

    whole: bytes
    small: bytes
    width: int
    height: int


def cleaned(raw: bytes) -> Picture:
    """The picture drawn anew: upright, without place, time, camera or anything hidden in the file.

    Raises ``NoPicture``.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            opened = Image.open(io.BytesIO(raw), formats=KINDS)
            if opened.width * opened.height > MOST_PIXELS:
                raise NoPicture(f"A photo may have at most {MOST_PIXELS:,} pixels.")
            # JPEG alone can be read at a fraction of its size
            opened.draft("RGB", (LONGEST, LONGEST))
            image = _flat(ImageOps.exif_transpose(opened))
    except UnidentifiedImageError:
        raise NoPicture("A JPEG, PNG or WebP picture is expected.") from None
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError, Warning):
        raise NoPicture("This picture is damaged.") from None
    image.thumbnail((LONGEST, LONGEST))
    small = image.copy()
    small.thumbnail((LONGEST_SMALL, LONGEST_SMALL))
    return Picture(_jpeg(image), _jpeg(small), image.width, image.height)


def _flat(image: Image.Image) -> Image.Image:
    """On white where it is transparent."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        above = image.convert("RGBA")
        under = Image.new("RGBA", above.size, "white")
        return Image.alpha_composite(under, above).convert("RGB")
    return image.convert("RGB")


def _jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    # a copy of the pixels alone: what was read beside them stays behind
    bare = Image.frombytes("RGB", image.size, image.tobytes())
    bare.save(out, "JPEG", quality=_QUALITY, optimize=True, progressive=True)
    return out.getvalue()
