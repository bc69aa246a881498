"""Parts of the API that need no platform."""

from __future__ import annotations

import json
import os
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient

from services.gateway.api.asking import asked
from services.gateway.api.routes import ROUTES
from services.gateway.app import LOG_INS
from services.gateway.frame.edge import EXTENSION, Edge
from services.gateway.frame.limits import Limit
from services.gateway.open311.desks import BadDesks, Desks
from services.gateway.open311.rendering import answer
from shared.errors import Busy, Forbidden, Invalid, NotFound, Unavailable

KEY = "sixteen-or-more-characters"


def edge_of(client: FlaskClient) -> Edge:
    found: Edge = client.application.extensions[EXTENSION]
    return found


def route(method: str) -> object:
    return next(one for one in ROUTES if one.method == method)


def test_no_two_ways_have_one_name_or_one_address() -> None:
    assert len({one.name for one in ROUTES}) == len(ROUTES)
    assert len({(one.verb, one.path) for one in ROUTES}) == len(ROUTES)


def test_a_querys_texts_become_the_values_of_the_contract() -> None:
    query = "?limit=5&mine=true&state=rated&category=7&at_least=12"
    with Flask("x").test_request_context(f"/{query}"):
        assert asked(route("workorders.list"), {}) == {
            "limit": 5,
            "mine": True,
            "state": ["rated"],
            "category": "7",
            "at_least": 12,
        }


@pytest.mark.parametrize("given", ["5", 'W/"5"', '"5", "6"', '"-1"', '"x"'])
def test_if_match_takes_one_strong_version(given: str) -> None:
    with (
        Flask("x").test_request_context("/", method="POST", headers={"If-Match": given}),
        pytest.raises(Invalid) as caught,
    ):
        asked(route("workorders.cancel"), {"id": "x"})
    assert list(caught.value.fields) == ["If-Match"]


def test_who_calls_too_often_is_told_when_to_come_back() -> None:
    rates = Limit(3)
    for _ in range(3):
        rates.spend("one")
    with pytest.raises(Busy) as caught:
        rates.spend("one")
    assert caught.value.retry_after is not None and 0 < caught.value.retry_after <= 120
    rates.spend("another")


def test_who_logs_in_too_often_from_one_address_is_stopped_on_the_page_and_over_the_api(
    client: FlaskClient,
) -> None:
    for _ in range(LOG_INS):
        edge_of(client).log_ins.spend("192.0.2.7")
    there = {"X-Forwarded-For": "192.0.2.7"}
    page = client.post("/login", data={"login": "x", "password": "y"}, headers=there)
    call = client.post("/api/v1/log-in", json={"login": "x", "password": "y"}, headers=there)
    assert (page.status_code, call.status_code) == (429, 429)
    assert call.get_json()["reason"] == "too_many_tries"


def test_every_call_over_the_limit_is_refused_with_the_seconds_to_wait(
    client: FlaskClient,
) -> None:
    answers = [client.get("/api/v1/orders") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [401, 401, 429]
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert answers[-1].get_json()["code"] == "busy"


def test_a_desk_is_closed_as_soon_as_the_file_says_so(tmp_path: Path) -> None:
    file = tmp_path / "desks.json"

    def write(text: str, at: int) -> None:
        file.write_text(text)
        os.utime(file, (at, at))

    write(json.dumps({"lakeside": {"accepter": "x", "keys": [KEY]}}), 1)
    desks = Desks(file)
    assert desks.community(None, KEY)[0] == "lakeside"
    with pytest.raises(Forbidden):
        desks.community("lakeside", "another")
    write('{"lakeside": {"accepter": "x", "keys": []}}', 2)
    with pytest.raises(Forbidden):
        desks.community("lakeside", KEY)
    write("{", 3)
    with pytest.raises(Unavailable):
        desks.community("lakeside", KEY)
    write("{}", 4)
    with pytest.raises(NotFound):
        desks.community("lakeside", KEY)


@pytest.mark.parametrize(
    "text",
    ["{", "[]", '{"a": {"keys": []}}', '{"a": {"accepter": "x", "keys": ["short"]}}'],
    ids=["torn", "list", "no-accepter", "short-key"],
)
def test_a_faulty_file_of_desks_ends_the_start(text: str, tmp_path: Path) -> None:
    file = tmp_path / "desks.json"
    file.write_text(text)
    with pytest.raises(BadDesks):
        Desks(file)


def test_xml_carries_any_text_that_people_write() -> None:
    text = 'a\x01b\x0b <b> & "漏水" ]]> \ufffe'
    response = answer("xml", "services", "service", [{"description": text, "metadata": True}])
    found = ElementTree.fromstring(response.get_data())
    assert found.findtext("service/description") == 'a\ufffdb\ufffd <b> & "漏水" ]]> \ufffd'
    assert found.findtext("service/metadata") == "true"
