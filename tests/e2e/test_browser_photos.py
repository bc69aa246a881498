"""Photos in the hand: taken, looked at, taken out again, and kept where there is no connection."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, expect

from tests.support.chromium import Window, window
from tests.support.edge import Site
from tests.support.photos import photo

REPORT = "form[action='/report'] button.wide:not(.plain)"
PREVIEWS = ".previews canvas"
QUEUE = "#queue li"


def file(name: str, content: bytes, kind: str = "image/jpeg") -> Any:
    return {"name": name, "mimeType": kind, "buffer": content}


def write(one: Window) -> None:
    page = one.go("/report")
    page.locator("[name=category][value=plumbing]").check()
    page.locator("textarea").fill("The tap drips")


def natural_width(one: Window, image: str) -> int:
    source = one.page.locator(image).first.get_attribute("src")
    answer = one.context.request.get(str(source).partition("?")[0])
    return Image.open(io.BytesIO(answer.body())).width


def test_photos_are_shown_taken_out_and_made_smaller_before_they_are_sent(
    chromium: Browser, site: Site
) -> None:
    with window(chromium, site, "resident1") as one:
        write(one)
        field = one.page.locator("input[type=file]")
        field.set_input_files(file("large.jpg", photo("red", (4000, 1000))))
        expect(one.page.locator(PREVIEWS)).to_have_count(1)
        field.set_input_files([file("two.png", photo("blue", kind="PNG"), "image/png")])
        expect(one.page.locator(PREVIEWS)).to_have_count(2)
        field.set_input_files(file("notes.txt", b"no picture", "text/plain"))
        expect(one.page.get_by_text("A photo as JPEG, PNG or WebP, please.")).to_be_visible()
        assert not one.faults_anywhere()
        one.page.get_by_role("button", name="Remove two.png").click()
        expect(one.page.locator(PREVIEWS)).to_have_count(1)

        with one.page.expect_request("**/report") as sent:
            one.page.locator(REPORT).click()
        one.page.get_by_text("Thank you. We have your report").wait_for()
        body = sent.value.post_data_buffer
        assert body is None or b"two.png" not in body
        expect(one.page.locator(".thumbnails img")).to_have_count(1)
        assert natural_width(one, ".thumbnails img") == 2048
        assert not one.faults_anywhere()


def test_without_scripts_the_browsers_own_field_takes_them(chromium: Browser, site: Site) -> None:
    with window(chromium, site, "resident1", scripts=False) as one:
        write(one)
        field = one.page.locator("input[type=file]")
        expect(field).to_be_visible()
        field.set_input_files(file("tap.jpg", photo()))
        one.page.locator(REPORT).click()
        expect(one.page.locator(".thumbnails img")).to_have_count(1)


def test_a_repair_with_photos_waits_for_a_connection_and_is_sent_with_them(
    chromium: Browser, site: Site
) -> None:
    path = site.dispatched()
    with window(chromium, site, "technician1") as one:
        page = one.go(path)
        form = page.locator("form[action$='/repair']")
        page.locator(".other", has=form).locator("summary").click()
        form.locator("textarea").fill("Washer changed")
        form.locator("[name=photos_before]").set_input_files(file("before.jpg", photo("red")))
        form.locator("[name=photos]").set_input_files(file("after.jpg", photo("blue")))
        expect(form.locator(PREVIEWS)).to_have_count(2)
        one.context.set_offline(True)
        form.locator("button.wide:not(.plain)").click()
        expect(page.locator(QUEUE)).to_contain_text("with photos")

        one.context.set_offline(False)
        expect(page.locator("#queue")).to_be_hidden()
        one.go(path)
        expect(page.locator(".thumbnails img")).to_have_count(2)
        one.complaints.clear()


def test_an_ended_session_keeps_the_words_and_says_that_photos_are_gone(
    chromium: Browser, site: Site
) -> None:
    with window(chromium, site) as one:
        one.log_in(site, "resident1")
        write(one)
        one.page.locator("input[type=file]").set_input_files(file("tap.jpg", photo()))
        expect(one.page.locator(PREVIEWS)).to_have_count(1)
        one.context.clear_cookies()
        one.page.locator(REPORT).click()
        expect(one.page.get_by_text("Photos are not kept")).to_be_visible()
        expect(one.page.get_by_text("go on with what you have typed")).to_be_visible()
        one.complaints.clear()
