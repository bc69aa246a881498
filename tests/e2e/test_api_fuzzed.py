"""What schemathesis makes of the OpenAPI document, sent to a platform of its own: whatever is sent,
no answer is one that the document does not promise.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.config import SchemathesisConfig
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation import GenerationMode
from schemathesis.generation.meta import CoveragePhaseData
from schemathesis.schemas import BaseSchema

from cli.community import COMMUNITY, PASSWORD
from services.gateway.api.document import document
from services.gateway.api.pages import PREFIX
from services.gateway.api.routes import ROUTES
from tests.integration.cli.wuye import Wuye

load_all_checks()
PROMISES = CHECKS.get_by_names(
    [
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_headers_conformance",
        "response_schema_conformance",
        "negative_data_rejection",
    ]
)
# so that the others go on: whoever has logged out cannot
ENDS_A_SESSION = ["/log-out", "/password", "/sessions/{session}/revoke"]

CONFIG = {
    "generation": {"deterministic": True},
    # an address too long is refused too
    "checks": {"negative_data_rejection": {"expected-statuses": ["4xx", "5xx"]}},
}
# Of cases alike, so many are sent: a type of JSON each, but not a country and year each, of 500.
ALIKE = 6


def repetitive() -> list[str]:
    """Ways that take and answer just what an earlier one does: one of them stands for all."""
    first: dict[str, str] = {}
    for route in ROUTES:
        told = (route.contract.request, route.contract.answer)
        shape = json.dumps([route.verb, route.service, route.in_path, told])
        first.setdefault(shape, route.path)
    return [route.path for route in ROUTES if route.path not in first.values()]


DOCUMENT = json.loads(json.dumps(document(ROUTES, PREFIX)))
LEFT_OUT = {*ENDS_A_SESSION, *repetitive()}


@pytest.fixture(params=[path for path in DOCUMENT["paths"] if path not in LEFT_OUT])
def schema(request: pytest.FixtureRequest) -> BaseSchema:
    """One path. Its cases are made when it is its turn: all of them take longer to make than all
    tests to collect, and every process collects them.
    """
    return schemathesis.openapi.from_dict(
        {**DOCUMENT, "paths": {request.param: DOCUMENT["paths"][request.param]}},
        config=SchemathesisConfig.from_dict(CONFIG),
    )


@pytest.fixture(scope="module")
def sent() -> Counter[tuple[str, ...]]:
    """How many there were of each kind of case."""
    return Counter()


@dataclass
class Api:
    """``known``: fields of addresses, by their names, that lead somewhere."""

    url: str
    tokens: dict[str, str]
    known: dict[str, str]

    def ask(self, who: str, verb: str, path: str, **fields: Any) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.tokens[who]}"} if who in self.tokens else {}
        body = {"json": fields} if verb == "POST" else {"params": fields}
        answer = requests.request(verb, self.url + path, headers=headers, timeout=30, **body)
        assert answer.ok, answer.text
        found: dict[str, Any] = answer.json()
        return found


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    wuye = Wuye(tmp_path_factory.mktemp("fuzzed"), {"WUYE_API_PER_MINUTE": "100000"})
    with wuye.running():
        url = json.loads((wuye.folder / "edge.json").read_text())["url"] + PREFIX
        yield prepared(Api(url, {}, {}))


def prepared(api: Api) -> Api:
    """Somebody for each role, and an order of a resident's."""
    for login in ("resident1", "manager"):
        session = api.ask("", "POST", "/log-in", login=login, password=PASSWORD)
        api.tokens[login] = session["access_token"]
    home = api.ask("resident1", "GET", "/me")["homes"][0]
    order = api.ask(
        "resident1",
        "POST",
        "/orders",
        community=COMMUNITY,
        kind="repair",
        category="plumbing",
        unit=home["unit"],
        description="漏水",
    )
    api.known = {
        "community": COMMUNITY,
        "id": order["id"],
        "number": order["number"],
        "unit": home["unit"],
        "building": home["building"],
    }
    return api


@schemathesis.pytest.from_fixture("schema").parametrize()
@settings(
    max_examples=6,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_whatever_is_sent_the_answer_is_as_documented(
    case: schemathesis.Case, api: Api, sent: Counter[tuple[str, ...]]
) -> None:
    if alike := kind_of(case):
        sent[alike] += 1
        if sent[alike] > ALIKE:
            return
    lead_somewhere(case, api.known)
    headers = {"Authorization": f"Bearer {api.tokens['manager']}"}
    answer = case.call(base_url=api.url, headers=headers)
    case.validate_response(answer, checks=PROMISES)


def kind_of(case: schemathesis.Case) -> tuple[str, ...] | None:
    """What a systematic case tries: a body of its own operation, or else something outside of it,
    such as a header, that operations whose documents say the same of it answer by the same code.
    """
    if case.meta is None or not isinstance(case.meta.phase.data, CoveragePhaseData):
        return None
    tried = case.meta.phase.data
    place = tried.parameter_location
    if place is ParameterLocation.BODY:
        about = case.operation.label
    else:
        documented = DOCUMENT["paths"][case.operation.path][case.operation.method].get(
            "parameters", []
        )
        about = json.dumps(
            [
                one
                for one in documented
                if place and one["in"] == place and tried.parameter in (None, one["name"])
            ]
        )
    verbs = f"{case.operation.method} {case.method}"
    return (verbs, tried.scenario, tried.description, str(place), str(tried.parameter), about)


def lead_somewhere(case: schemathesis.Case, known: dict[str, str]) -> None:
    """What is well formed is about things that there are; no query waits for what never comes."""
    if case.meta is not None and case.meta.generation.mode is GenerationMode.POSITIVE:
        for given in (case.path_parameters, case.body):
            if isinstance(given, dict):
                given.update({name: known[name] for name in given.keys() & known.keys()})
    if str(case.query.get("at_least")).isdigit():
        case.query["at_least"] = 0
