"""Photos of a report and of a repair: sent with the form, and shown to those who see the order."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from tests.support.browser import Browser, Page
from tests.support.edge import Site, order_path
from tests.support.estate import soon
from tests.support.photos import photo

RED, BLUE = (
    ("photos", ("red.jpg", photo("red"))),
    ("photos", ("blue.png", photo("blue", kind="PNG"))),
)
NO_PICTURE = ("photos", ("tap.jpg", b"<script>alert(1)</script>"))


def typed(**more: str) -> dict[str, str]:
    """What others have reported nearby was looked at."""
    return {"category": "plumbing", "description": "The tap drips", "looked": "1", **more}


def sources(page: Page) -> list[str]:
    """Addresses of the order's photos on its page, small."""
    return [one["src"] for one in page.all("img") if "/photos/" in one["src"]]


def colour(browser: Browser, source: str) -> tuple[int, ...]:
    answer = browser.session.get(browser.url + source, timeout=20)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/jpeg")
    found = Image.open(io.BytesIO(answer.content)).convert("RGB").getpixel((5, 5))
    assert isinstance(found, tuple)
    return found


def reported(site: Site, *files: tuple[str, tuple[str, bytes]]) -> Page:
    resident = site.person("resident1")
    page = resident.send(resident.get("/report").form("/report"), files=files, **typed())
    assert page.status == 200, page.text
    return page


def test_photos_of_a_report_are_shown_to_who_may_see_the_order_alone(site: Site) -> None:
    page = reported(site, RED, BLUE)
    resident = site.person("resident1")
    shown = sources(page)
    assert len(shown) == 2
    assert colour(resident, shown[0])[0] > 200
    assert colour(site.person("dispatcher"), shown[1])[2] > 200
    for stranger in (site.person("resident2"), site.browser()):
        answer = stranger.session.get(site.url + shown[0], timeout=20, allow_redirects=False)
        assert answer.status_code in (303, 404)


def test_what_is_no_photo_is_told_and_the_others_are_kept_with_what_was_typed(site: Site) -> None:
    resident = site.person("resident1")
    form = resident.get("/report").form("/report")
    page = resident.send(form, files=[RED, NO_PICTURE], **typed())
    assert page.status == 400
    assert "A photo as JPEG, PNG or WebP, please." in page.text
    assert "Photo 1 is kept" in page.text
    again = page.form("/report")
    assert again.text("description") == "The tap drips"

    page = resident.send(again, files=[BLUE])
    assert page.status == 200, page.text
    assert [colour(resident, one)[0] > 200 for one in sources(page)] == [True, False]


def test_a_kept_photo_can_be_left_out(site: Site) -> None:
    resident = site.person("resident1")
    page = resident.send(
        resident.get("/report").form("/report"), files=[RED], category="plumbing", description=" "
    )
    form = page.form("/report")
    assert form.fields["kept.photos"]
    page = resident.send(form, **{**typed(), "kept.photos": []})
    assert page.status == 200, page.text
    assert not sources(page)


def test_more_than_an_order_takes_are_not_taken(site: Site) -> None:
    resident = site.person("resident1")
    many = [("photos", (f"{n}.jpg", photo(f"#{n:02x}1020"))) for n in range(0, 130, 10)]
    page = resident.send(resident.get("/report").form("/report"), files=many, **typed())
    assert page.status == 400
    assert "At most 12 photos" in page.text
    assert len(page.form("/report").fields["kept.photos"]) == 12


def test_photos_from_no_page_of_ours_are_refused_before_any_is_kept(site: Site) -> None:
    resident = site.person("resident1")
    form = resident.get("/report").form("/report")
    page = resident.send(form, files=[RED], **typed(csrf="made up"))
    assert page.status == 409
    assert "kept.photos" not in page.form("/report").fields


def test_nobody_without_a_session_brings_large_files(site: Site) -> None:
    large = ("photos", ("large.jpg", b"\xff\xd8" + bytes(400_000)))
    assert site.browser().post("/report", typed(), files=[large]).status == 413


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_repair_has_photos_before_and_after(site: Site, language: str) -> None:
    path = site.dispatched()
    technician = site.person("technician1", language)
    technician.send(technician.get(path).form("/start"))
    page = technician.send(
        technician.get(path).form("/repair"),
        files=[("photos_before", RED[1]), ("photos", BLUE[1])],
        notes="换了垫圈",
    )
    assert page.status == 200, page.text
    before, after = {
        "zh-CN": ("处理前照片", "处理后照片"),
        "en": ("Photos before", "Photos after"),
    }[language]
    resident = site.person("resident1", language)
    page = soon("the repair shows", lambda: _with(resident, path, before))
    assert after in page.text
    pixels = [colour(resident, one) for one in sources(page)]
    assert [pixel[0] > 200 for pixel in pixels] == [True, False]
    assert order_path(page) == path


def _with(browser: Browser, path: str, text: str) -> Page | None:
    page = browser.get(path)
    return page if text in page.text else None
