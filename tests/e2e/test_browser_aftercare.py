"""What comes after the work, in a browser: signing on the screen, words kept ready, and axe."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect

from tests.e2e.test_edge_aftercare import due, rated, rules
from tests.support.browser import Page as Read
from tests.support.chromium import DESKTOP, PHONE, faults_of, window
from tests.support.edge import Site

__all__ = ["rules"]
_LOADED = "one => one.complete && one.naturalWidth > 0"
# how many points of the canvas are dark
_INK = """one => {
    const { data } = one.getContext("2d").getImageData(0, 0, one.width, one.height);
    return data.filter((value, at) => at % 4 === 0 && value < 128).length;
}"""


def sign(page: Page) -> None:
    canvas = page.locator("form[action$='/repair'] canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + box["height"] / 2)
    page.mouse.down()
    for step in range(1, 8):
        page.mouse.move(
            box["x"] + 20 + 25 * step, box["y"] + box["height"] * (0.3 + step % 2 * 0.4)
        )
    page.mouse.up()


def test_whoever_saw_the_work_signs_on_the_technicians_phone(
    chromium: Chromium, site: Site
) -> None:
    path = site.dispatched()
    with window(chromium, site, "technician1", size=PHONE) as one:
        page = one.go(path)
        form = page.locator("form[action$='/repair']")
        page.locator(".other", has=form).locator("summary").click()
        canvas = form.locator("canvas")
        sign(page)
        assert canvas.evaluate(_INK) > 100
        form.get_by_role("button", name="Wipe it out").click()
        assert canvas.evaluate(_INK) == 0
        assert form.locator("[name=signature]").evaluate("one => one.files.length") == 0
        sign(page)
        expect(form.locator("[name=signature]")).to_have_js_property("files.length", 1)
        assert not one.faults()
        form.locator("textarea").fill("new washer")
        form.locator("button.wide").click()
        shown = page.locator(".step", has_text="Signed there").locator(".thumbnails img")
        shown.scroll_into_view_if_needed()
        expect(shown).to_have_count(1)
        page.wait_for_function(_LOADED, arg=shown.element_handle())
    resident = site.person("resident1").get(path)
    assert "Signed there" in resident.text


def test_a_canned_answer_fills_its_field_to_be_changed_there(
    chromium: Chromium, site: Site
) -> None:
    supervisor = site.person("supervisor")
    new = next(
        form
        for form in supervisor.get("/canned-answers").forms
        if form.action.endswith("/canned-answers/lakeside") and "answer" not in form.fields
    )
    supervisor.send(new, **{"use": "comment", "en": "We are on our way."})
    path = site.dispatched()
    with window(chromium, site, "dispatcher", size=DESKTOP) as one:
        page = one.go(path)
        form = page.locator("#comments form")
        form.locator("textarea").fill("Hello.")
        form.get_by_label("Words kept ready").select_option(label="We are on our way.")
        expect(form.locator("textarea")).to_have_value("Hello.\nWe are on our way.")
        expect(form.get_by_label("Words kept ready")).to_have_value("")
        form.get_by_role("button", name="Send the comment").click()
        expect(page.locator(".said li")).to_contain_text("We are on our way.")


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_pages_fit_and_are_for_everybody(
    chromium: Chromium, site: Site, rules: Read, language: str
) -> None:
    assert rules.status == 200
    path = rated(site)
    asked = due(site, path)
    site.person("dispatcher").send(asked.form("/comments"), text="careful", internal="1")
    pages = {
        "dispatcher": (path, "/follow-ups"),
        "resident1": (path,),
        "manager": (
            "/follow-ups/rules/lakeside",
            "/photo-rules/lakeside",
            "/canned-answers",
        ),
    }
    assert not faults_of(chromium, site, pages, language)
