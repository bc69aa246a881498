"""``/api/v1`` as a program uses it."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from PIL import Image

from cli.community import COMMUNITY
from services.gateway.api.contracts import contract
from services.gateway.api.routes import OPERATORS, ROUTES
from tests.support.edge import Site
from tests.support.estate import soon
from tests.support.program import LEAK, Program, photo, problem, program

KEY = "8e03978e-40d5-43e8-bc93-6894a57f9324"


# -- commands and queries --------------------------------------------------------------------------


def test_an_order_is_reported_and_read_back(site: Site) -> None:
    resident = program(site, "resident1")
    answer = resident.post("/orders", LEAK)
    order = answer.json()

    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/api/v1/orders/{order['id']}"
    found = resident.get(f"/orders/{order['id']}")
    assert found.headers["ETag"] == '"1"'
    assert found.json()["description"] == "厨房漏水"
    by_number = f"/communities/{COMMUNITY}/orders/{order['number']}?at_least={order['position']}"
    assert resident.get(by_number).json() == found.json()


def test_a_command_sent_again_with_its_key_is_carried_out_once(site: Site) -> None:
    resident, key = program(site, "resident1"), str(uuid4())
    first = resident.post("/orders", LEAK, Idempotency_Key=key)
    again = resident.post("/orders", LEAK, Idempotency_Key=f'"{key}"')
    other = resident.post("/orders", {**LEAK, "category": "lift"}, Idempotency_Key=key)

    assert again.json() == first.json()
    assert problem(other, 409)["code"] == "conflict"


def test_a_command_about_an_older_version_is_refused_with_412(site: Site) -> None:
    resident = program(site, "resident1")
    order = resident.submitted()
    cancel = f"/orders/{order['id']}/cancel"

    assert problem(resident.post(cancel, If_Match='"7"'), 412)["reason"] == "stale_version"
    done = resident.post(cancel, If_Match='"1"')
    assert (done.json()["state"], done.headers["ETag"]) == ("cancelled", '"2"')


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({**LEAK, "colour": "red"}, "colour"),
        ({**LEAK, "description": 5}, "description"),
        ({**LEAK, "command_id": KEY}, "command_id"),
        ({**LEAK, "category": "unheard-of"}, "category"),
        ({}, "community"),
    ],
    ids=["unknown", "wrong-type", "belongs-in-a-header", "unknown-word", "missing"],
)
def test_a_faulty_body_is_refused_by_the_name_of_its_field(
    site: Site, body: dict[str, Any], field: str
) -> None:
    assert field in problem(program(site, "resident1").post("/orders", body), 400)["fields"]


@pytest.mark.parametrize(
    "query", ["limit=5.0", "limit=0", "mine=1", "state=lost", "limit=1&limit=2"]
)
def test_a_query_takes_no_value_that_only_looks_right(site: Site, query: str) -> None:
    name = query.partition("=")[0]
    faults = problem(program(site, "resident1").get(f"/orders?{query}"), 400)["fields"]
    assert [one.partition(".")[0] for one in faults] == [name]


def test_pages_follow_one_another_to_the_last(site: Site) -> None:
    resident = program(site, "resident3")
    sent = [resident.submitted() for _ in range(3)]
    seen: list[str] = []
    path = f"/orders?mine=true&limit=2&at_least={sent[-1]['position']}"
    page = resident.get(path).json()
    seen += [order["id"] for order in page["orders"]]
    while page["next"]:
        page = resident.get(f"{path}&cursor={quote(page['next'])}").json()
        seen += [order["id"] for order in page["orders"]]

    assert len(seen) == len(set(seen))
    assert {one["id"] for one in sent} <= set(seen)


def test_a_resident_learns_nothing_of_a_neighbours_order(site: Site) -> None:
    order = program(site, "resident1").submitted()
    neighbour = program(site, "resident2")
    assert problem(neighbour.get(f"/orders/{order['id']}"), 404)["code"] == "not_found"
    assert problem(neighbour.post(f"/orders/{order['id']}/cancel"), 403)["code"] == "forbidden"


# -- who calls -------------------------------------------------------------------------------------


@pytest.mark.parametrize("token", [None, "made.up.token"], ids=["none", "made-up"])
def test_without_a_good_token_nothing_is_told(site: Site, token: str | None) -> None:
    answer = Program(site, token).get("/orders")
    assert problem(answer, 401)["code"] == "unauthenticated"
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_browsers_session_reads_but_writes_with_its_own_token_alone(site: Site) -> None:
    browser = site.person("resident1")
    csrf = browser.get("/report").form("/report").text("csrf")
    url = f"{site.url}/api/v1/orders"
    read = browser.session.get(url)
    refused = browser.session.post(url, json=LEAK)
    wrong = browser.session.post(url, json=LEAK, headers={"X-CSRF-Token": "x"})
    done = browser.session.post(url, json=LEAK, headers={"X-CSRF-Token": csrf})

    assert read.status_code == 200
    assert problem(refused, 403)["reason"] == problem(wrong, 403)["reason"] == "csrf"
    assert done.status_code == 201


def test_an_unknown_address_and_a_wrong_verb_are_problems_too(site: Site) -> None:
    problem(program(site, "resident1").get("/nothing"), 404)
    answer = program(site, "resident1").send("DELETE", "/orders")
    assert problem(answer, 405)
    assert {"GET", "POST"} <= set(answer.headers["Allow"].replace(" ", "").split(","))


def test_a_body_that_is_too_large_is_refused_unread(site: Site) -> None:
    body = {**LEAK, "description": "漏" * 200_000}
    assert problem(program(site, "resident1").post("/orders", body), 413)


# -- what there is ---------------------------------------------------------------------------------


def test_every_method_of_every_service_has_its_way_unless_it_is_an_operators() -> None:
    files = (Path(__file__).parents[2] / "contracts").glob("*/rpc/*.json")
    methods = {f"{path.parts[-3]}.{path.stem}" for path in files}
    assert {route.method for route in ROUTES} == methods - OPERATORS


def test_every_query_says_what_it_answers() -> None:
    bare = contract("workorders", "dispatch").answer["properties"]
    silent = [
        route.method
        for route in ROUTES
        if route.verb == "GET" and route.contract.answer["properties"].keys() <= bare.keys()
    ]
    assert silent == []


def test_the_document_and_its_page_are_there_for_everybody(site: Site) -> None:
    document = Program(site, None).get("/openapi.json").json()
    assert document["openapi"] == "3.1.0"
    page = site.browser().get("/api/v1/")
    assert page.status == 200
    for path in document["paths"]:
        assert path in page.text


# -- photos ----------------------------------------------------------------------------------------


def test_a_photo_is_kept_without_its_place_and_shown_with_its_order(site: Site) -> None:
    resident = program(site, "resident1")
    kept = resident.upload(photo())
    assert kept.status_code == 201, kept.text
    reference = kept.json()["photo"]
    order = resident.post("/orders", {**LEAK, "photos": [reference]}).json()

    shown = resident.get(f"/orders/{order['id']}/photos/{reference}")
    small = resident.get(f"/orders/{order['id']}/photos/{reference}?size=small")

    assert shown.headers["Content-Type"] == "image/jpeg"
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    whole = Image.open(io.BytesIO(shown.content))
    assert (whole.size, dict(whole.getexif())) == ((640, 480), {})
    assert b"where I live" not in shown.content
    assert max(Image.open(io.BytesIO(small.content)).size) == 320


def test_a_photo_is_shown_to_nobody_who_may_not_see_its_order(site: Site) -> None:
    resident, neighbour = program(site, "resident1"), program(site, "resident2")
    reference = resident.upload(photo("blue")).json()["photo"]
    order = resident.post("/orders", {**LEAK, "photos": [reference]}).json()
    own = neighbour.submitted()

    problem(neighbour.get(f"/orders/{order['id']}/photos/{reference}"), 404)
    problem(neighbour.get(f"/orders/{own['id']}/photos/{reference}"), 404)
    problem(Program(site, None).get(f"/orders/{order['id']}/photos/{reference}"), 401)


def test_a_photo_is_on_its_orders_pages(site: Site) -> None:
    resident = program(site, "resident1")
    reference = resident.upload(photo("green")).json()["photo"]
    order = resident.post("/orders", {**LEAK, "photos": [reference]}).json()
    path = f"/orders/{COMMUNITY}/{order['number']}/photos/{reference}"
    browser = site.person("resident1")

    def shown() -> bool:
        return browser.session.get(site.url + path).headers["Content-Type"] == "image/jpeg"

    soon("the page's address shows it", shown)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<script>alert(1)</script>",
        b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x01\x00\x01"
        b"\x00\x00\x02\x02D\x01\x00;",
        photo()[:200],
    ],
    ids=["nothing", "page", "gif", "torn"],
)
def test_what_is_no_picture_of_ours_is_refused(site: Site, content: bytes) -> None:
    assert "photos" in problem(program(site, "resident1").upload(content), 400)["fields"]


def test_nobody_keeps_a_photo_without_a_good_token(site: Site) -> None:
    problem(Program(site, None).upload(photo()), 401)
    problem(Program(site, "made.up.token").upload(photo()), 401)


def test_a_photo_may_be_large_but_not_beyond_bounds(site: Site) -> None:
    problem(program(site, "resident1").upload(b"\xff\xd8" + bytes(13 * 1024 * 1024)), 413)
