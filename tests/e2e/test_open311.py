"""GeoReport v2 as a client of cities uses it, by XML and by JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import uuid4
from xml.etree import ElementTree

import pytest
import requests

from cli.community import COMMUNITY, PASSWORD
from tests.integration.cli.wuye import Wuye
from tests.support.edge import Site
from tests.support.estate import soon

KEY = "a-key-of-an-application"
# what the specification requires of each answer
SERVICE = {"service_code", "service_name", "description", "metadata", "type", "keywords", "group"}
ATTRIBUTE = {
    *("variable", "code", "datatype", "required", "datatype_description", "order", "description"),
}
REQUEST = {
    *("service_request_id", "status", "status_notes", "service_name", "service_code"),
    *("description", "agency_responsible", "service_notice", "requested_datetime"),
    *("updated_datetime", "expected_datetime", "address", "address_id", "zipcode", "lat", "long"),
    "media_url",
}
LEAK = {
    "service_code": "repair.plumbing",
    "description": "水管漏了 <b>&",
    "address_string": "Gate 2",
}


@dataclass
class Desk:
    """``form``: xml or json. Records come back as plain dictionaries from both."""

    url: str
    form: str
    key: str | None = KEY

    def ask(
        self, verb: str, path: str, data: dict[str, str] | None = None, **headers: str
    ) -> tuple[int, list[dict[str, Any]]]:
        given = {"jurisdiction_id": COMMUNITY, **(data or {})}
        if self.key is not None:
            given["api_key"] = self.key
        where = {"params": given} if verb == "GET" else {"data": given}
        answer = requests.request(
            verb, f"{self.url}/open311/v2/{path}.{self.form}", headers=headers, timeout=30, **where
        )
        return answer.status_code, self._read(answer)

    def get(self, path: str, **data: str) -> list[dict[str, Any]]:
        status, found = self.ask("GET", path, data)
        assert status == 200, found
        return found

    def file(self, **data: str) -> str:
        status, found = self.ask("POST", "requests", {**LEAK, **data})
        assert status == 201, found
        return str(found[0]["service_request_id"])

    def _read(self, answer: requests.Response) -> list[dict[str, Any]]:
        kind = {"xml": "text/xml", "json": "application/json"}[self.form]
        assert answer.headers["Content-Type"] == f"{kind}; charset=utf-8"
        if self.form == "json":
            found = answer.json()
            return found if isinstance(found, list) else [found]
        assert answer.content.startswith(b"<?xml version='1.0' encoding='utf-8'?>")
        root = ElementTree.fromstring(answer.content)
        return [_plain(one) for one in root] if root.tag != "service_definition" else [_plain(root)]


def _plain(element: ElementTree.Element) -> dict[str, Any]:
    return {
        child.tag: [_plain(one) for one in child] if len(child) else child.text for child in element
    }


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a platform where one application may file."""
    folder = tmp_path_factory.mktemp("open311")
    file = folder / "open311.json"
    file.write_text("{}")
    wuye = Wuye(folder / "data", {"WUYE_OPEN311_FILE": str(file)})
    with wuye.running():
        url = json.loads((wuye.folder / "edge.json").read_text())["url"]
        desk = {"accepter": api(url, "manager").get("/me")["person"], "keys": [KEY]}
        file.write_text(json.dumps({COMMUNITY: desk}))
        yield url


@pytest.fixture(params=["xml", "json"])
def desk(request: pytest.FixtureRequest, town: str) -> Desk:
    return Desk(town, request.param)


class Api:
    """Somebody of the staff, over the other API."""

    _tokens: ClassVar[dict[tuple[str, str], str]] = {}

    def __init__(self, url: str, login: str) -> None:
        self._url = f"{url}/api/v1"
        if (url, login) not in self._tokens:
            session = self._send("POST", "/log-in", {"login": login, "password": PASSWORD})
            self._tokens[url, login] = session["access_token"]
        self._token = self._tokens[url, login]

    def get(self, path: str) -> dict[str, Any]:
        return self._send("GET", path, None, self._token)

    def post(self, path: str, **fields: Any) -> dict[str, Any]:
        return self._send("POST", path, fields, self._token)

    def _send(self, verb: str, path: str, body: Any, token: str = "") -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token}"}
        answer = requests.request(verb, self._url + path, json=body, headers=headers, timeout=30)
        assert answer.ok, answer.text
        found: dict[str, Any] = answer.json()
        return found


def api(url: str, login: str) -> Api:
    return Api(url, login)


def listed(desk: Desk, number: str, **query: str) -> dict[str, Any] | None:
    """The request in a query's answer; lists follow the log by a moment."""
    found = desk.get("requests", **query)
    return next((one for one in found if one["service_request_id"] == number), None)


def test_services_and_their_questions_are_told(desk: Desk) -> None:
    services = desk.get("services")
    assert {one["service_code"] for one in services} >= {"repair.plumbing", "complaint.noise"}
    assert all(one.keys() >= SERVICE for one in services)
    assert {one["type"] for one in services} == {"realtime"}

    definition = desk.get("services/repair.plumbing")[0]
    assert definition["service_code"] == "repair.plumbing"
    building, unit = definition["attributes"]
    assert building.keys() >= ATTRIBUTE | {"values"}
    assert [one["name"] for one in building["values"]] == ["1号楼", "2号楼"]
    assert (building["datatype"], unit["datatype"]) == ("singlevaluelist", "string")


def test_a_request_goes_there_and_comes_back(desk: Desk) -> None:
    number = desk.file(media_url="https://example.org/leak.jpg", lat="31.2", long="121.5")

    found = desk.get(f"requests/{number}")[0]
    assert found.keys() == REQUEST
    assert found["status"] == "open"
    assert found["service_code"] == "repair.plumbing"
    assert found["description"].splitlines() == [
        "水管漏了 <b>&",
        "[address] Gate 2",
        "[position] 31.2, 121.5",
        "[photo] https://example.org/leak.jpg",
    ]
    assert datetime.fromisoformat(found["requested_datetime"]).tzinfo is not None
    assert desk.get(f"tokens/{number}") == [{"service_request_id": number, "token": number}]


def test_a_request_is_about_the_unit_or_building_that_it_names(desk: Desk) -> None:
    unit = {"attribute[unit]": "1-101", "address_string": ""}
    building = {"attribute[building]": "2号楼", "address_string": ""}
    numbers = [desk.file(**unit), desk.file(**building)]
    addresses = [
        soon("it is listed", lambda number=number: listed(desk, number))["address"]
        for number in numbers
    ]
    assert addresses[0] == "1号楼 1-101"
    assert addresses[1].startswith("2号楼")


def test_it_is_closed_when_accepted_and_no_sooner(town: str) -> None:
    desk, manager = Desk(town, "json"), api(town, "manager")
    technician = api(town, "technician1")
    number = desk.file()
    path = f"/communities/{COMMUNITY}/orders/{number}"
    order = soon("it is listed", lambda: listed(desk, number)) and manager.get(path)
    statuses = []
    for who, act, fields in (
        (manager, "dispatch", {"technician": technician.get("/me")["person"]}),
        (technician, "repair", {"notes": "换了垫圈"}),
        (manager, "accept", {}),
    ):
        who.post(f"/orders/{order['id']}/{act}", **fields)
        statuses.append(desk.get(f"requests/{number}")[0]["status"])
    assert statuses == ["open", "open", "closed"]


def test_requests_are_found_by_status_service_and_time(desk: Desk) -> None:
    number = desk.file(service_code="complaint.noise")
    found = soon("it is listed", lambda: listed(desk, number, service_code="complaint.noise"))
    at = found["requested_datetime"]

    assert listed(desk, number, status="open") is not None
    assert listed(desk, number, status="closed") is None
    assert listed(desk, number, service_code="repair.lift") is None
    assert listed(desk, number, start_date=at, end_date=at) is not None
    assert listed(desk, number, end_date="2020-01-01T00:00:00Z") is None
    both = desk.get("requests", service_request_id=f"{number},{number}")
    assert [one["service_request_id"] for one in both] == [number, number]


def test_what_residents_report_themselves_is_not_shown(town: str) -> None:
    own = {"community": COMMUNITY, "kind": "repair", "category": "lift", "description": "private"}
    order = api(town, "resident1").post("/orders", **own)
    desk = Desk(town, "json")
    marker = desk.file()
    soon("later ones are listed", lambda: listed(desk, marker))
    assert listed(desk, order["number"]) is None
    assert desk.ask("GET", f"requests/{order['number']}")[0] == 404


def test_who_reports_is_told_what_is_not_kept(desk: Desk) -> None:
    _, answer = desk.ask("POST", "requests", {**LEAK, "phone": "13800000000", "email": "a@b.cn"})
    assert answer[0]["service_notice"] == "Not kept: email, phone."
    number = answer[0]["service_request_id"]
    found = desk.get(f"requests/{number}")[0]
    assert "13800000000" not in str(found)


def test_a_request_sent_again_with_its_key_is_filed_once(town: str) -> None:
    desk, key = Desk(town, "json"), str(uuid4())
    answers = [desk.ask("POST", "requests", LEAK, **{"Idempotency-Key": key}) for _ in range(2)]
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    ("change", "status", "named"),
    [
        ({"service_code": ""}, 400, "service_code"),
        ({"service_code": "repair.moon"}, 404, "service_code"),
        ({"description": ""}, 400, "description"),
        ({"address_string": ""}, 400, "address_string"),
        ({"lat": "31.2"}, 400, "long"),
        ({"lat": "north", "long": "1"}, 400, "lat"),
        ({"attribute[unit]": "9-999"}, 400, "attribute[unit]"),
        ({"media_url": "javascript:alert(1)"}, 400, "media_url"),
        ({"jurisdiction_id": "nowhere"}, 404, "jurisdiction_id"),
    ],
    ids=lambda value: "" if isinstance(value, dict) else str(value),
)
def test_faults_are_told_in_the_specifications_own_form(
    desk: Desk, change: dict[str, str], status: int, named: str
) -> None:
    answered, faults = desk.ask("POST", "requests", {**LEAK, **change})
    assert answered == status
    assert [set(one) for one in faults] == [{"code", "description"}]
    assert str(faults[0]["code"]) == str(status)
    assert named in faults[0]["description"]


@pytest.mark.parametrize("key", [None, "a-key-of-nobody-else"], ids=["none", "wrong"])
def test_nothing_is_told_without_a_good_key(town: str, key: str | None) -> None:
    stranger = Desk(town, "xml", key)
    for verb, path in (("GET", "services"), ("GET", "requests"), ("POST", "requests")):
        status, faults = stranger.ask(verb, path, LEAK)
        assert (status, faults[0]["code"]) == (403, "403")


def test_there_is_nothing_of_it_unless_it_is_set_up(site: Site) -> None:
    assert requests.get(f"{site.url}/open311/v2/services.json", timeout=30).status_code == 404
