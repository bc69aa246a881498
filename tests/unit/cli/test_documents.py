"""The AsyncAPI and OpenAPI documents are what their standards say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema.validators import validator_for  # type: ignore[import-untyped]
from openapi_spec_validator import OpenAPIV31SpecValidator

from cli.services import SERVICES
from services.gateway.api.document import document
from services.gateway.api.routes import ROUTES
from shared.eventlog.contracts import file_name

ROOT = Path(__file__).parents[3]
CONTRACTS = ROOT / "contracts"
STANDARD = ROOT / "tests" / "data" / "asyncapi" / "3.0.0.json"


@pytest.fixture
def told() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((CONTRACTS / "asyncapi.json").read_text())
    return found


def _faults(told: dict[str, Any]) -> list[str]:
    schema = json.loads(STANDARD.read_text())
    return [one.message for one in validator_for(schema)(schema).iter_errors(told)]


def test_the_asyncapi_document_is_valid(told: dict[str, Any]) -> None:
    assert _faults(told) == []


def test_a_wrong_asyncapi_document_would_be_noticed(told: dict[str, Any]) -> None:
    told["channels"]["billing.events"]["address_"] = "billing.events"
    assert _faults(told)


def test_every_event_is_told_of_and_every_reference_leads_somewhere(told: dict[str, Any]) -> None:
    messages = told["components"]["messages"]
    files = {one["payload"]["schema"]["$ref"] for one in messages.values()}
    wanted = {f"./{one.name}/{file_name(entry)}" for one in SERVICES for entry in one.catalogue}
    assert files == wanted
    assert [file for file in files if not (CONTRACTS / file).is_file()] == []
    in_channels = [
        one["$ref"].removeprefix("#/components/messages/")
        for channel in told["channels"].values()
        for one in channel["messages"].values()
    ]
    assert sorted(in_channels) == sorted(messages)


def test_the_openapi_document_is_valid() -> None:
    OpenAPIV31SpecValidator(json.loads(json.dumps(document(ROUTES, "/api/v1")))).validate()
