"""A technician's calendar: made on their page, read without a log-in, renewed, ended."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from playwright.sync_api import Browser as Chromium

from tests.support.chromium import DESKTOP, PHONE, window
from tests.support.edge import Site
from tests.support.estate import soon
from tests.support.program import program
from tests.support.rfc5545 import Component, parsed

SECRET_WORDS = "张三家漏水，电话 13912345678"
WHO = "technician2"


def made(site: Site, login: str = WHO) -> str:
    """The path of a new address."""
    browser = site.person(login)
    page = browser.send(browser.get("/me").form("/calendar/open"))
    assert page.status == 200, page.text
    found = re.search(r"http://\S+\.ics", page.text)
    assert found, page.text
    assert found[0].startswith(site.url)
    return urlsplit(found[0]).path


def read(site: Site, path: str) -> requests.Response:
    for _ in range(8):
        answer = requests.get(site.url + path, timeout=20)
        if answer.status_code not in (503, 504):
            break
        time.sleep(0.2)
    return answer


def calendar(site: Site, path: str) -> Component:
    answer = read(site, path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "private, no-store"
    return parsed(answer.content)


def summaries(site: Site, path: str) -> list[str]:
    return [event.text("SUMMARY") for event in calendar(site, path).inside]


@pytest.fixture(scope="module")
def path(site: Site) -> str:
    return made(site)


@pytest.fixture(scope="module")
def planned(site: Site) -> dict[str, Any]:
    """A shift and a leave; an order that is due."""
    manager, technician = program(site, "manager"), program(site, WHO)
    me = technician.get("/me").json()["person"]
    start = datetime.now(UTC).replace(microsecond=0) + timedelta(days=3)
    for what, away in (("shifts", 0), ("leave", 30)):
        span = {
            "starts": (start + timedelta(days=away)).isoformat(),
            "ends": (start + timedelta(days=away, hours=8)).isoformat(),
        }
        body = {"shifts": [span]} if what == "shifts" else span
        answer = manager.post(f"/people/{me}/{what}", body)
        assert answer.status_code in (200, 201), answer.text
    resident, dispatcher = program(site, "resident1"), program(site, "dispatcher")
    home = resident.get("/me").json()["homes"][0]["unit"]
    report = {
        "community": "lakeside",
        "kind": "repair",
        "category": "plumbing",
        "unit": home,
        "description": SECRET_WORDS,
    }
    order = resident.post("/orders", report).json()
    sent = f"/orders/{order['id']}/dispatch"
    soon(
        "the technician is sent",
        lambda: dispatcher.post(sent, {"technician": me}).status_code == 200,
    )
    return {"start": start, **order}


def test_it_has_shifts_leave_and_what_is_due_and_no_more_than_where_and_what(
    site: Site, path: str, planned: dict[str, Any]
) -> None:

    def there() -> bool:
        time.sleep(0.5)
        return any("1号楼 1-101" in each for each in summaries(site, path))

    soon("all of it is there", there)
    found = calendar(site, path)
    shifts = {one.one("DTSTART") for one in found.inside if one.text("SUMMARY") == "班次"}
    assert f"{planned['start']:%Y%m%dT%H%M%SZ}" in shifts
    assert "休假" in {one.text("SUMMARY") for one in found.inside}
    due = next(one for one in found.inside if planned["number"] in "".join(one.all("DESCRIPTION")))
    assert due.one("URL").endswith(f"/orders/lakeside/{planned['number']}")
    assert due.one("DTSTART") > f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    text = read(site, path).text.replace("\r\n ", "")
    for hidden in ("张三", "13912345678", "漏水", "王秀英"):
        assert hidden not in text


def test_an_order_that_is_done_is_due_no_more(
    site: Site, path: str, planned: dict[str, Any]
) -> None:
    worker = program(site, WHO)
    done = worker.post(f"/orders/{planned['id']}/repair", {"notes": "ok"})
    assert done.status_code == 200, done.text

    def gone() -> bool:
        time.sleep(0.5)  # an address is not to be read often
        events = calendar(site, path).inside
        return not any(planned["number"] in "".join(one.all("DESCRIPTION")) for one in events)

    soon("it is gone", gone)


def test_a_new_address_ends_the_one_before_and_an_ended_one_shows_nothing(site: Site) -> None:
    first = made(site, "technician1")
    assert read(site, first).status_code == 200
    second = made(site, "technician1")
    assert (first != second, read(site, first).status_code) == (True, 404)
    assert read(site, second).status_code == 200
    browser = site.person("technician1")
    page = browser.send(browser.get("/me").form("/calendar/close"))
    assert not page.has_form("/calendar/close")
    assert read(site, second).status_code == 404


def test_the_same_form_sent_again_makes_the_same_address(site: Site) -> None:
    browser = site.person("technician1")
    form = browser.get("/me").form("/calendar/open")
    pages = [browser.send(form).text for _ in range(2)]
    addresses = {re.findall(r"http://\S+\.ics", text)[0] for text in pages}
    assert len(addresses) == 1
    assert read(site, urlsplit(addresses.pop()).path).status_code == 200


def test_those_without_times_are_offered_none(site: Site) -> None:
    assert not site.person("resident1").get("/me").has_form("/calendar/open")


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_nothing_is_wrong_with_its_pages(chromium: Chromium, site: Site, language: str) -> None:
    size = PHONE if language == "en" else DESKTOP
    with window(chromium, site, "technician1", size=size, language=language) as one:
        page = one.go("/me")
        assert not one.faults_anywhere()
        page.locator("form[action$='/calendar/open'] button").click()
        page.locator(".secret").wait_for()
        assert not one.faults_anywhere()


def test_whoever_guesses_is_told_to_wait(site: Site, path: str) -> None:
    """The last of this file: the address is that of all these tests."""
    feed = path.rpartition("/")[0]
    for number in range(25):
        answer = read(site, f"{feed}/{number:027d}.ics")
        if answer.status_code == 429:
            break
        assert answer.status_code == 404
    assert answer.status_code == 429
    assert read(site, path).status_code == 429
