"""What becomes of a picture, and where it is kept."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from services.gateway.uploads import images
from services.gateway.uploads.images import NoPicture, cleaned
from services.gateway.uploads.store import Photos
from shared.errors import NotFound

ORIENTATION, DESCRIPTION, PLACE = 0x0112, 0x010E, 0x8825


def file(image: Image.Image, kind: str = "JPEG", turned: int = 1) -> bytes:
    exif, out = image.getexif(), io.BytesIO()
    exif[ORIENTATION], exif[DESCRIPTION] = turned, "where I live"
    exif.get_ifd(PLACE)[1] = "N"
    image.save(out, kind, exif=exif, comment=b"where I live", icc_profile=b"where I live")
    return out.getvalue()


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


@pytest.mark.parametrize("kind", images.KINDS)
def test_nothing_is_left_beside_the_picture(kind: str) -> None:
    found = cleaned(file(Image.new("RGB", (300, 200), "red"), kind))
    for content in (found.whole, found.small):
        assert b"where I live" not in content
        assert opened(content).format == "JPEG"
        assert not opened(content).getexif()


def test_a_picture_taken_sideways_stands_upright() -> None:
    image = Image.new("RGB", (300, 200), "white")
    image.paste("black", (0, 0, 150, 200))
    found = opened(cleaned(file(image, turned=6)).whole)
    assert found.size == (200, 300)
    top, bottom = found.convert("L").getpixel((100, 20)), found.convert("L").getpixel((100, 280))
    assert (top < 20, bottom > 235) == (True, True)


def test_a_large_picture_becomes_smaller_and_a_small_one_no_larger() -> None:
    large = cleaned(file(Image.new("RGB", (4000, 1000))))
    assert (large.width, large.height) == (2048, 512)
    assert opened(large.small).size == (320, 80)
    little = cleaned(file(Image.new("RGB", (40, 30))))
    assert (little.width, little.height) == (40, 30)


def test_what_was_transparent_is_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(out, "PNG")
    assert opened(cleaned(out.getvalue()).whole).getpixel((5, 5)) == (255, 255, 255)


def test_a_picture_of_too_many_pixels_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "MOST_PIXELS", 100)
    with pytest.raises(NoPicture, match="at most 100 pixels"):
        cleaned(file(Image.new("RGB", (11, 10))))


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF", "ICO"])
def test_other_kinds_are_refused_by_their_content(kind: str) -> None:
    out = io.BytesIO()
    Image.new("RGB", (32, 32)).save(out, kind)
    with pytest.raises(NoPicture, match="JPEG, PNG or WebP"):
        cleaned(out.getvalue())


@pytest.mark.parametrize("url", ["folder", "memory://photos"])
def test_the_same_photo_is_kept_once_wherever_the_url_says(url: str, tmp_path: Path) -> None:
    photos = Photos(tmp_path.as_uri() if url == "folder" else url)
    picture = cleaned(file(Image.new("RGB", (400, 300), "red")))
    reference = photos.keep(picture)
    assert photos.keep(picture) == reference
    assert photos.read(reference) == picture.whole
    assert photos.read(reference, small=True) == picture.small
    if url == "folder":
        names = sorted(one.name for one in tmp_path.rglob("*") if one.is_file())
        assert names == sorted([reference, reference.replace(".jpg", ".small.jpg")])


@pytest.mark.parametrize(
    "reference", ["", "../../etc/passwd", "a" * 64 + ".html", "0" * 64 + ".jpg"]
)
def test_what_is_no_reference_leads_nowhere(reference: str, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        Photos(tmp_path.as_uri()).read(reference)
